/** The one issue that the leader opened. */

import { defineStore, storeToRefs } from 'pinia'
import { followIssue } from '@/shared/oneIssue'
import { useView } from './view'

export const useIssue = defineStore('leader-issue', () => {
  const { detail, card, failed } = followIssue(storeToRefs(useView()).issue)
  return { detail, card, failed }
})

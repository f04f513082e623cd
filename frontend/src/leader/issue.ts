/** The one issue that the leader opened: fetched, and fetched again when a fact touches it. */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/calls'
import type { IssueDetail } from '@/api/calls'
import { Refusal } from '@/api/client'
import type { IssueCard } from '@/shared/protocol'
import { useObjects } from '@/shared/stores/objects'
import { useView } from './view'

const QUIET_MS = 150
const AGAIN_MS = 3_000

export const useIssue = defineStore('leader-issue', () => {
  const view = useView()
  const objects = useObjects()
  const detail = shallowRef<IssueDetail | null>(null)
  const failed = ref<'gone' | 'unreachable' | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  /** The card as last told: live while the issue is open, else the detail's own. */
  const card = computed<IssueCard | null>(() => {
    void objects.revision
    if (view.issue === null) return null
    return objects.get<IssueCard>('issue', view.issue)?.card ?? detail.value?.card ?? null
  })

  async function fetch(): Promise<void> {
    const wanted = view.issue
    if (wanted === null) return
    try {
      const found = await api.issue(wanted)
      if (wanted !== view.issue) return
      detail.value = found
      failed.value = null
    } catch (error) {
      if (wanted !== view.issue) return
      failed.value = error instanceof Refusal && error.problem.status === 404 ? 'gone' : 'unreachable'
      if (failed.value === 'gone') detail.value = null
      if (failed.value === 'unreachable') askIn(AGAIN_MS)
    }
  }

  function askIn(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void fetch(), ms)
  }

  watch(
    () => view.issue,
    () => {
      detail.value = null
      failed.value = null
      if (view.issue !== null) askIn(0)
    },
    { immediate: true }, // the store begins with the first issue that is opened
  )
  objects.onFact((fact) => {
    if (view.issue !== null && (fact.object.id === view.issue || fact.card.issue === view.issue)) askIn(QUIET_MS)
  })

  objects.onLost((object) => {
    if (view.issue !== null && (object === null || object.id === view.issue)) askIn(0)
  })

  return { detail, card, failed }
})

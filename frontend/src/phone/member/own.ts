/** What this person reported and is still open: the issues whose reports this person may see. */

import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { IssueCard, ReportCard } from '@/shared/protocol'
import { useObjects } from '@/shared/stores/objects'

export interface OwnRow {
  id: string
  version: number
  card: IssueCard
}

export const useOwn = defineStore('own', () => {
  const objects = useObjects()

  /** The newest first. A place's public cards come without their reports: those are others'. */
  const rows = computed<OwnRow[]>(() => {
    void objects.revision
    const issues = new Set([...objects.each<ReportCard>('report')].map((report) => report.card.issue))
    return [...issues]
      .flatMap((id) => {
        const found = objects.get<IssueCard>('issue', id)
        return found ? [{ id, ...found }] : []
      })
      .sort((a, b) => (a.card.reported_at < b.card.reported_at ? 1 : -1))
  })

  return { rows }
})

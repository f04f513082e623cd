/** What this person reported in the last weeks: told by the server, and live where this person's scope has the issue. */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api/calls'
import type { OwnReport } from '@/api/calls'
import type { IssueCard } from '@/api/cards'
import { useObjects } from '@/shared/stores/objects'

export interface OwnRow {
  id: string
  version: number
  card: IssueCard
}

export interface Line {
  id: string
  number: string
  item: string
  cell: string | null
  state: string
  at: string
  /** The live card; null where only the last answer is known. */
  row: OwnRow | null
}

const PAGE = 200 // as the server's
/** Who reported nothing lately may have long ago: behind this are all. */
const EVER = { received_at: '2100-01-01T00:00:00Z', id: '00000000-0000-0000-0000-000000000000' }
const OVER: ReadonlySet<string> = new Set(['declined', 'merged', 'closed', 'archived', 'voided'])

export const useOwn = defineStore('own', () => {
  const objects = useObjects()
  const told = shallowRef<OwnReport[]>([])

  /** What lies behind the last weeks: asked for by hand, and kept while the page lives. */
  const older = shallowRef<OwnReport[]>([])
  const allTold = ref(false)

  async function load(): Promise<void> {
    try {
      told.value = await api.ownReports()
    } catch {
      // what is known stays; the next opening asks again
    }
  }

  async function loadOlder(): Promise<void> {
    try {
      const page = await api.ownReports(older.value.at(-1) ?? told.value.at(-1) ?? EVER)
      older.value = [...older.value, ...page]
      allTold.value = page.length < PAGE
    } catch {
      // the button stays; the next press asks again
    }
  }

  function live(id: string): OwnRow | null {
    const found = objects.get('issue', id)
    return found ? { id, ...found } : null
  }

  /** The newest first. A place's public cards come without their reports: those are others'. */
  const lines = computed<Line[]>(() => {
    void objects.revision
    const lines = new Map<string, Line>()
    for (const one of [...told.value, ...older.value]) {
      if (lines.has(one.issue)) continue
      const row = live(one.issue)
      lines.set(one.issue, {
        id: one.issue,
        number: one.number,
        item: row?.card.item ?? one.item,
        cell: row?.card.cell?.name ?? one.cell?.name ?? null,
        state: row?.card.state ?? one.state,
        at: one.received_at,
        row,
      })
    }
    for (const { card } of objects.each('report')) {
      const row = lines.has(card.issue) ? null : live(card.issue)
      if (!row) continue
      const { number, item, cell, state, reported_at: at } = row.card
      lines.set(row.id, { id: row.id, number, item, cell: cell?.name ?? null, state, at, row })
    }
    return [...lines.values()].sort((a, b) => (a.at < b.at ? 1 : -1))
  })
  const open = computed(() => lines.value.filter((line) => !OVER.has(line.state)))
  const ended = computed(() => lines.value.filter((line) => OVER.has(line.state)))

  return { told, lines, open, ended, allTold, load, loadOlder }
})

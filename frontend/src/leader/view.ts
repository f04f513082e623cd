/** What the leader looks at: one choice (a count, a unit, a cell), its rows and its map, and one issue. */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { boardOf, liesIn } from '@/shared/board'
import type { Board, Row } from '@/shared/board'
import { clock } from '@/shared/clock'
import { leftOf } from '@/shared/lights'
import { assertNever } from '@/shared/protocol'
import { useBoard } from '@/shared/stores/board'
import { useReference } from '@/shared/stores/reference'
import { leader } from '@/shared/words/leader'

export type Part = 'now' | 'map' | 'rows' | 'today'
export type Count = keyof typeof leader.tiles
export type Choice =
  | { kind: 'count'; count: Count }
  | { kind: 'unit'; id: string }
  | { kind: 'cell'; path: string; name: string }

export interface Holder {
  unit: string
  open: number
  amber: number
  red: number
  /** Milliseconds that the longest is over; 0: none is. */
  longest: number
}

const IN: Readonly<Record<Count, (row: Row) => boolean>> = {
  all: () => true,
  red: (row) => row.light === 'red',
  amber: (row) => row.light === 'amber',
  urgent: (row) => row.pinned,
  reported: (row) => row.card.state === 'reported',
  dispatch: (row) => row.card.state === 'accepted' || row.card.state === 'filed',
  handling: (row) => row.card.state === 'in_handling' || row.card.state === 'suspended',
  fedBack: (row) => row.card.state === 'fed_back' || row.card.state === 'verified',
}

/** Who has it in hand; where no custody is told, who answers for it. */
export const holderOf = (row: Row): string => row.card.holder?.unit ?? row.card.responsible

const overOf = (row: Row, now: number): number => {
  const left = row.clock ? leftOf(row.clock, now) : null
  return left !== null && left < 0 ? -left : 0
}

export function holdersOf(rows: readonly Row[], now: number): Holder[] {
  const found = new Map<string, Holder>()
  for (const row of rows) {
    const unit = holderOf(row)
    let holder = found.get(unit)
    if (!holder) found.set(unit, (holder = { unit, open: 0, amber: 0, red: 0, longest: 0 }))
    holder.open += 1
    if (row.light === 'amber') holder.amber += 1
    if (row.light === 'red') holder.red += 1
    holder.longest = Math.max(holder.longest, overOf(row, now))
  }
  return [...found.values()].sort(
    (a, b) => b.red - a.red || b.longest - a.longest || b.amber - a.amber || b.open - a.open || (a.unit < b.unit ? -1 : 1),
  )
}

function chosenBy(choice: Choice): (row: Row) => boolean {
  switch (choice.kind) {
    case 'count':
      return IN[choice.count]
    case 'unit':
      return (row) => holderOf(row) === choice.id
    case 'cell':
      return (row) => liesIn(row.card.cell?.path, choice.path)
    default:
      return assertNever(choice)
  }
}

export const useView = defineStore('leader-view', () => {
  const boards = useBoard()
  const reference = useReference()
  const choice = shallowRef<Choice>({ kind: 'count', count: 'all' })
  const part = ref<Part>('now')
  const issue = ref<string | null>(null)

  const counts = computed(() => {
    const found = {} as Record<Count, number>
    for (const count of Object.keys(IN) as Count[]) found[count] = boards.board.rows.filter(IN[count]).length
    return found
  })
  const holders = computed(() => holdersOf(boards.board.rows, clock.now()))

  const rows = computed<readonly Row[]>(() => boards.board.rows.filter(chosenBy(choice.value)))
  /** The chosen rows as the map takes them: a cell's own choice keeps the others in sight. */
  const board = computed<Board>(() => (choice.value.kind === 'cell' ? boards.board : boardOf(rows.value, clock.now())))
  const cell = computed(() => (choice.value.kind === 'cell' ? choice.value.path : null))
  const title = computed(() => {
    const now = choice.value
    if (now.kind === 'count') return leader.tiles[now.count]
    return now.kind === 'unit' ? leader.byUnit(reference.unitName(now.id)) : leader.byCell(now.name)
  })

  /** Chooses, or goes back to everything when it is chosen already; on a phone the list comes forward. */
  function choose(next: Choice): void {
    issue.value = null
    choice.value = JSON.stringify(next) === JSON.stringify(choice.value) ? { kind: 'count', count: 'all' } : next
    part.value = 'rows'
  }

  function clear(): void {
    choice.value = { kind: 'count', count: 'all' }
    issue.value = null
  }

  function open(id: string | null): void {
    issue.value = id
    if (id !== null) part.value = 'rows'
  }

  return { choice, part, issue, counts, holders, rows, board, cell, title, choose, clear, open }
})

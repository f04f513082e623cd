/** What the leader looks at: one choice (a figure, a unit, a cell), its rows and its map, and one issue. */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { boardOf, liesIn } from '@/shared/board'
import type { Board, Row } from '@/shared/board'
import { clock } from '@/shared/clock'
import { isCounted } from '@/shared/figures'
import type { NowFigure } from '@/shared/figures'
import { leftOf } from '@/shared/lights'
import { assertNever } from '@/shared/protocol'
import { useBoard } from '@/shared/stores/board'
import { useReference } from '@/shared/stores/reference'
import { FIGURES } from '@/shared/words/figures'
import type { FigureCode } from '@/shared/words/figures'
import { leader } from '@/shared/words/leader'

export type Part = 'now' | 'map' | 'rows' | 'today'
/** Today's figures and the relay's: their rows are the server's. */
export type DayFigure = Extract<FigureCode, `today_${string}` | `relay_${'up' | 'down_issue' | 'down_order' | 'down_forward'}`>
export type Choice =
  | { kind: 'figure'; figure: NowFigure }
  | { kind: 'day'; figure: DayFigure }
  | { kind: 'sensitive' }
  | { kind: 'offMap'; of: Choice }
  | { kind: 'unit'; id: string; figure: NowFigure }
  | { kind: 'cell'; path: string; name: string; figure: NowFigure }

export interface Holder {
  unit: string
  open: number
  amber: number
  red: number
  /** Milliseconds that the longest is over; 0: none is. */
  longest: number
}

const ALL: Choice = { kind: 'figure', figure: 'open' }
/** Who has it in hand; where no custody is told, who answers for it. */
export const holderOf = (row: Row): string => row.card.holder?.unit ?? row.card.responsible

const overOf = (row: Row, now: number): number => {
  const left = row.clock ? leftOf(row.clock, now) : null
  return left !== null && left < 0 ? -left : 0
}

export function holdersOf(rows: readonly Row[], now: number): Holder[] {
  const found = new Map<string, Holder>()
  for (const row of rows) {
    if (!isCounted('open', row)) continue
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
    case 'figure':
      return (row) => isCounted(choice.figure, row)
    case 'offMap': {
      const chosen = chosenBy(choice.of)
      return (row) => !row.card.cell && chosen(row)
    }
    case 'unit':
      return (row) => isCounted(choice.figure, row) && holderOf(row) === choice.id
    case 'cell':
      return (row) => isCounted(choice.figure, row) && liesIn(row.card.cell?.path, choice.path)
    case 'day':
    case 'sensitive':
      return (row) => isCounted('open', row) // the map goes on showing what is open
    default:
      return assertNever(choice)
  }
}

export const useView = defineStore('leader-view', () => {
  const boards = useBoard()
  const reference = useReference()
  const choice = shallowRef<Choice>(ALL)
  const part = ref<Part>('now')
  const issue = ref<string | null>(null)

  const counts = computed(() => boards.board.figures)
  const holders = computed(() => holdersOf(boards.board.rows, clock.now()))

  const rows = computed<readonly Row[]>(() => boards.board.rows.filter(chosenBy(choice.value)))
  /** The chosen rows as the map takes them: a cell's own choice keeps the others in sight. */
  const board = computed<Board>(() => (choice.value.kind === 'cell' ? boards.board : boardOf(rows.value, clock.now())))
  const cell = computed(() => (choice.value.kind === 'cell' ? choice.value.path : null))
  const title = computed(() => titleOf(choice.value))

  function titleOf(now: Choice): string {
    switch (now.kind) {
      case 'figure':
      case 'day':
        return FIGURES[now.figure]
      case 'sensitive':
        return FIGURES.sensitive
      case 'offMap':
        return `${titleOf(now.of)} · ${FIGURES.off_map}`
      case 'unit':
        return `${leader.byUnit(reference.unitName(now.id))} · ${FIGURES[now.figure]}`
      case 'cell':
        return `${leader.byCell(now.name)} · ${FIGURES[now.figure]}`
      default:
        return assertNever(now)
    }
  }

  /** Chooses, or goes back to everything when it is chosen already; on a phone the list comes forward. */
  function choose(next: Choice): void {
    issue.value = null
    choice.value = JSON.stringify(next) === JSON.stringify(choice.value) ? ALL : next
    part.value = 'rows'
  }

  function clear(): void {
    choice.value = ALL
    issue.value = null
  }

  function open(id: string | null): void {
    issue.value = id
    if (id !== null) part.value = 'rows'
  }

  return { choice, part, issue, counts, holders, rows, board, cell, title, choose, clear, open }
})

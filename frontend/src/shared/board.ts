/** The board's arithmetic: what burns first, what a cell holds, how much of everything. Pure. */

import { firstDue, nextChange, spanOf, worstLight } from './lights'
import type { Light } from './lights'
import type { CellRef, Clock, IssueCard } from './protocol'

export interface Row {
  id: string
  version: number
  card: IssueCard
  /** The running clock that is due first. */
  clock: Clock | null
  light: Light
  /** Whether the next step is the desk's own. */
  ours: boolean
  pinned: boolean
  key: number
}

export interface CellLoad {
  cell: CellRef
  open: number
  amber: number
  red: number
  urgent: number
}

export interface Board {
  rows: Row[]
  byState: Map<string, number>
  byCell: Map<string, CellLoad>
  unplaced: number
  open: number
  ours: number
  amber: number
  red: number
  urgent: number
  /** The next instant at which a light changes. */
  changes: number | null
}

export const DESK_STATES: ReadonlySet<string> = new Set(['reported', 'accepted', 'filed', 'fed_back', 'verified'])
const NO_CLOCK = 1e15 // behind every due time; then the longest waiting first

/** Orders by what burns first: urgent and not yet accepted, then the earliest due time, overdue before all. */
function keyOf(card: IssueCard, clock: Clock | null): number {
  return clock ? spanOf(clock).due : NO_CLOCK + Date.parse(card.reported_at) / 1000
}

/** Whether the next step on an issue is ours. */
export type Ours = (id: string, card: IssueCard) => boolean

const atTheDesk: Ours = (_, card) => DESK_STATES.has(card.state)

export function rowOf(id: string, version: number, card: IssueCard, now: number, ours: Ours = atTheDesk): Row {
  const clock = firstDue(card.clocks)
  return {
    id,
    version,
    card,
    clock,
    light: worstLight(card.clocks, now),
    ours: ours(id, card),
    pinned: card.urgent && card.state === 'reported',
    key: keyOf(card, clock),
  }
}

export function boardOf(issues: Iterable<{ id: string; version: number; card: IssueCard }>, now: number, ours?: Ours): Board {
  const board: Board = {
    rows: [],
    byState: new Map(),
    byCell: new Map(),
    unplaced: 0,
    open: 0,
    ours: 0,
    amber: 0,
    red: 0,
    urgent: 0,
    changes: null,
  }
  for (const { id, version, card } of issues) {
    const row = rowOf(id, version, card, now, ours)
    board.rows.push(row)
    board.open += 1
    if (row.ours) board.ours += 1
    if (row.light === 'amber') board.amber += 1
    if (row.light === 'red') board.red += 1
    if (row.pinned) board.urgent += 1
    board.byState.set(card.state, (board.byState.get(card.state) ?? 0) + 1)
    if (card.cell) addTo(board.byCell, card.cell, row)
    else board.unplaced += 1
    for (const clock of card.clocks) {
      const at = nextChange(clock, now)
      if (at !== null && (board.changes === null || at < board.changes)) board.changes = at
    }
  }
  board.rows.sort(
    (a, b) => Number(b.pinned) - Number(a.pinned) || a.key - b.key || (a.card.number < b.card.number ? -1 : 1),
  )
  return board
}

function addTo(cells: Map<string, CellLoad>, cell: CellRef, row: Row): void {
  let load = cells.get(cell.id)
  if (!load) cells.set(cell.id, (load = { cell, open: 0, amber: 0, red: 0, urgent: 0 }))
  load.open += 1
  if (row.light === 'amber') load.amber += 1
  if (row.light === 'red') load.red += 1
  if (row.pinned) load.urgent += 1
}

/** Lists of what waits for a person, kept beside the board. */
export type List = 'unplaced' | 'returns' | 'unanswered' | 'members'

export interface Filter {
  tab: 'all' | 'ours' | 'out' | 'red' | List
  text: string
  /** Path of a cell: what lies in it, at whatever depth. */
  cell: string | null
}

/** Whether what lies at `path` lies in the cell of path `cell`, itself included. */
export const liesIn = (path: string | undefined, cell: string): boolean =>
  path !== undefined && (path === cell || path.startsWith(`${cell}/`))

/** Whether a row is shown; `words` gives what a person would call it, `lists` the issues on each list. */
export function matches(
  row: Row,
  filter: Filter,
  words: (row: Row) => string,
  lists: Partial<Record<List, ReadonlySet<string>>> = {},
): boolean {
  if (filter.tab === 'unplaced' && row.card.cell && !lists.unplaced?.has(row.id)) return false
  if (filter.tab === 'returns' && !lists.returns?.has(row.id)) return false
  if (filter.tab === 'unanswered' && !lists.unanswered?.has(row.id)) return false
  if (filter.tab === 'members' && !lists.members?.has(row.id)) return false
  if (filter.tab === 'ours' && !row.ours) return false
  if (filter.tab === 'out' && row.ours) return false
  if (filter.tab === 'red' && row.light === 'green') return false
  if (filter.cell !== null && !liesIn(row.card.cell?.path, filter.cell)) return false
  const text = filter.text.trim().toLowerCase()
  return text === '' || text.split(/\s+/).every((word) => words(row).toLowerCase().includes(word))
}

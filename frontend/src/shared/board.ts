/** The board's arithmetic: what burns first, what a cell holds, how much of everything. Pure. */

import { NOW_FIGURES, isIn } from './figures'
import type { NowFigure } from './figures'
import { countingClock, dueOf, isPaused, lightOf, nextChange } from './lights'
import type { Light } from './lights'
import type { CellCard, ClockCard, IssueCard } from '@/api/cards'

export interface Row {
  id: string
  version: number
  card: IssueCard
  /** The clock that counts now. */
  clock: ClockCard | null
  light: Light
  /** Whether the next step is the desk's own. */
  ours: boolean
  pinned: boolean
  key: number
}

/** Figures of one cell; `sensitive` lie there besides and are in none of the others. */
export interface CellLoad {
  cell: CellCard
  open: number
  amber: number
  red: number
  urgent: number
  sensitive: number
}

export type Counts = Record<NowFigure, number>

export interface Board {
  rows: Row[]
  /** The figures of this moment, of what is public: the same on every screen. */
  figures: Counts
  /** The same of the sensitive issues that this screen sees. */
  sensitive: Counts
  byCell: Map<string, CellLoad>
  /** This screen's own lists, sensitive issues among them: as many as there are rows in each. */
  offMap: number
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

/** Orders by what burns first: the earliest due time, overdue before all. */
function keyOf(card: IssueCard, clock: ClockCard | null): number {
  return clock && !isPaused(clock) ? dueOf(clock) : NO_CLOCK + Date.parse(card.reported_at) / 1000
}

/** Whether words of danger wait in an issue for somebody to read them. */
export type Danger = ReadonlySet<string>

/** Whether the next step on an issue is ours. */
export type Ours = (id: string, card: IssueCard) => boolean

const atTheDesk: Ours = (_, card) => DESK_STATES.has(card.state)

export function rowOf(id: string, version: number, card: IssueCard, now: number, ours: Ours = atTheDesk, danger?: Danger): Row {
  const clock = countingClock(card.clocks, now)
  return {
    id,
    version,
    card,
    clock,
    light: clock ? lightOf(clock, now) : 'green',
    ours: ours(id, card),
    pinned: (card.urgent && card.state === 'reported') || danger?.has(id) === true,
    key: keyOf(card, clock),
  }
}

export function boardOf(issues: Iterable<{ id: string; version: number; card: IssueCard }>, now: number, ours?: Ours, danger?: Danger): Board {
  const board: Board = {
    rows: [],
    figures: noCounts(),
    sensitive: noCounts(),
    byCell: new Map(),
    offMap: 0,
    open: 0,
    ours: 0,
    amber: 0,
    red: 0,
    urgent: 0,
    changes: null,
  }
  for (const { id, version, card } of issues) {
    const row = rowOf(id, version, card, now, ours, danger)
    board.rows.push(row)
    const counts = card.sensitive ? board.sensitive : board.figures
    for (const figure of NOW_FIGURES) if (isIn(figure, row)) counts[figure] += 1
    if (!card.exercise) addToLists(board, row)
    if (card.cell) addTo(board.byCell, card.cell, row)
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

const noCounts = (): Counts => Object.fromEntries(NOW_FIGURES.map((figure) => [figure, 0])) as Counts

function addToLists(board: Board, row: Row): void {
  board.open += 1
  if (row.ours) board.ours += 1
  if (row.light === 'amber') board.amber += 1
  if (row.light === 'red') board.red += 1
  if (row.pinned) board.urgent += 1
  if (!row.card.cell) board.offMap += 1
}

const OF_A_CELL = ['open', 'amber', 'red', 'urgent'] as const

function addTo(cells: Map<string, CellLoad>, cell: CellCard, row: Row): void {
  if (row.card.exercise) return
  let load = cells.get(cell.id)
  if (!load) cells.set(cell.id, (load = { cell, open: 0, amber: 0, red: 0, urgent: 0, sensitive: 0 }))
  if (row.card.sensitive) load.sensitive += 1
  else for (const figure of OF_A_CELL) if (isIn(figure, row)) load[figure] += 1
}

/** Lists of what waits for a person, kept beside the board. */
export type List = 'unplaced' | 'offMap' | 'returns' | 'unanswered' | 'members' | 'unseen'

export interface Filter {
  tab: 'all' | 'ours' | 'out' | 'red' | List
  text: string
  /** Path of a cell: what lies in it, at whatever depth. */
  cell: string | null
  /** Only what this figure counts; null: whatever the tab holds. */
  figure?: NowFigure | 'sensitive' | null
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
  if (filter.tab !== 'all' && row.card.exercise) return false // in no figure, so in no list that a figure opens
  if (filter.figure && (row.card.sensitive !== (filter.figure === 'sensitive') || !isIn(filter.figure === 'sensitive' ? 'open' : filter.figure, row))) return false
  if (filter.tab === 'offMap' && row.card.cell) return false
  if (filter.tab === 'unplaced' && row.card.cell && !lists.unplaced?.has(row.id)) return false
  if (filter.tab === 'returns' && !lists.returns?.has(row.id)) return false
  if (filter.tab === 'unanswered' && !lists.unanswered?.has(row.id)) return false
  if (filter.tab === 'unseen' && !lists.unseen?.has(row.id)) return false
  if (filter.tab === 'members' && !lists.members?.has(row.id)) return false
  if (filter.tab === 'ours' && !row.ours) return false
  if (filter.tab === 'out' && row.ours) return false
  if (filter.tab === 'red' && row.light === 'green') return false
  if (filter.cell !== null && !liesIn(row.card.cell?.path, filter.cell)) return false
  const text = filter.text.trim().toLowerCase()
  return text === '' || text.split(/\s+/).every((word) => words(row).toLowerCase().includes(word))
}

/** What burns first stands first; nothing jumps while one reads. */

import { describe, expect, it } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import { useHeld } from '@/console/held'
import { boardOf, matches } from '@/shared/board'
import type { Row } from '@/shared/board'
import type { ClockCard, IssueCard } from '@/api/cards'
import { CELL, clockCard, issueCard } from './cards'

const NOW = Date.parse('2026-11-02T09:00:00Z')
const minute = (n: number): string => new Date(NOW + n * 60_000).toISOString()
const clock = (left: number, more: Partial<ClockCard> = {}): ClockCard => clockCard('relay_up', minute(left - 60), minute(left), more)

const card = (number: string, clocks: ClockCard[], more: Partial<IssueCard> = {}): IssueCard =>
  issueCard({ number, reported_at: minute(-30), clocks, ...more })
const issue = (card: IssueCard) => ({ id: card.number, version: 1, card })

describe('the board', () => {
  const board = boardOf(
    [
      issue(card('calm', [clock(40)])),
      issue(card('waits', [clock(10, { stopped_at: minute(-5) })], { state: 'fed_back' })),
      issue(card('over', [clock(-5, { breached_at: minute(-5) })])),
      issue(card('soon', [clock(6)], { state: 'in_handling', cell: null })),
      issue(card('gas', [clock(55)], { urgent: true })),
      issue(card('taken', [clock(50)], { urgent: true, state: 'in_handling' })),
    ],
    NOW,
  )

  it('puts the urgent on top until they are accepted, then what is due first, then what has no clock', () => {
    expect(board.rows.map((row) => row.id)).toEqual(['gas', 'over', 'soon', 'calm', 'taken', 'waits'])
  })

  it('counts what is open, late, near and on no map', () => {
    expect(board).toMatchObject({ open: 6, ours: 4, red: 1, amber: 1, urgent: 1, offMap: 1 })
    expect(board.figures).toMatchObject({ open: 6, red: 1, amber: 1, urgent: 1, in_handling: 2 })
    expect(board.byCell.get('g1')).toMatchObject({ open: 5, red: 1, urgent: 1 })
  })

  it('knows when the next light changes', () => {
    expect(board.changes).toBe(NOW + 6 * 60_000)
  })

  it('finds by every word, in any order', () => {
    const words = (row: Row): string => `${row.card.number} 房屋渗漏水纠纷 ${row.card.cell?.name ?? ''}`
    const found = (text: string, more = {}): string[] =>
      board.rows.filter((row) => matches(row, { tab: 'all', text, cell: null, ...more }, words)).map((row) => row.id)
    expect(found('东街 渗漏 over')).toEqual(['over'])
    expect(found('', { tab: 'out' })).toEqual(['soon', 'taken'])
    expect(found('', { tab: 'red' })).toEqual(['over', 'soon'])
  })

  it('finds what lies in a cell at whatever depth, and nothing of its neighbour', () => {
    const inside = (path: string): string[] =>
      board.rows.filter((row) => matches(row, { tab: 'all', text: '', cell: path }, () => '')).map((row) => row.id)
    const above = CELL.path.split('/').slice(0, -1).join('/')
    expect(inside(CELL.path)).toEqual(inside(above))
    expect(inside(CELL.path).length).toBeGreaterThan(0)
    expect(inside(CELL.path.slice(0, -1))).toEqual([])
  })
})

describe('a queue that is being read', () => {
  const rowsOf = (...numbers: string[]): Row[] =>
    numbers.map((number, index) => ({ ...boardOf([issue(card(number, [clock(index + 1)]))], NOW).rows[0], id: number }) as Row)

  it('keeps order and members, marks what has gone, and says how much waits', async () => {
    const live = shallowRef<readonly Row[]>(rowsOf('a', 'b', 'c'))
    const held = useHeld(live)
    held.touch()
    live.value = rowsOf('new', 'c', 'a')
    await nextTick()
    expect(held.rows.value.map((one) => [one.row.id, one.gone])).toEqual([
      ['a', false],
      ['b', true],
      ['c', false],
    ])
    expect(held.waiting.value).toEqual({ updates: 2, urgent: 0 })
    held.release()
    expect(held.rows.value.map((one) => one.row.id)).toEqual(['new', 'c', 'a'])
    expect(held.waiting.value.updates).toBe(0)
  })

  it('says when an urgent one waits', async () => {
    const live = shallowRef<readonly Row[]>([])
    const held = useHeld(live)
    held.touch()
    live.value = boardOf([issue(card('gas', [clock(50)], { urgent: true }))], NOW).rows
    await nextTick()
    expect(held.waiting.value).toEqual({ updates: 1, urgent: 1 })
    held.release()
  })
})

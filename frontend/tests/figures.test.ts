/** Each figure is counted by one function, from the dictionary's conditions; what is sensitive stands beside it. */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { useDesk } from '@/console/desk'
import { boardOf, matches } from '@/shared/board'
import type { Filter } from '@/shared/board'
import { NOW_FIGURES, STATE_FIGURES, isCounted, rateOf } from '@/shared/figures'
import { countingClock, worstLight } from '@/shared/lights'
import { cellPoints } from '@/shared/map/features'
import type { ClockCard, IssueCard } from '@/api/cards'
import { alarmsOf, nearingOf } from '@/wall/alarms'
import { CELL, clockCard, issueCard } from './cards'

const NOW = Date.parse('2026-11-02T09:00:00Z')
const minute = (n: number): string => new Date(NOW + n * 60_000).toISOString()
const relay = (left: number, more: Partial<ClockCard> = {}): ClockCard => clockCard('relay_up', minute(left - 60), minute(left), more)
const card = (state: IssueCard['state'], clocks: ClockCard[], more: Partial<IssueCard> = {}): IssueCard =>
  issueCard({ state, reported_at: minute(-30), clocks, ...more })
const boardFrom = (...cards: IssueCard[]) => boardOf(cards.map((one, index) => ({ id: String(index), version: 1, card: one })), NOW)

interface Vector {
  name: string
  at: string
  counts: string | null
  light: string
  clocks: ClockCard[]
}
const vectors = JSON.parse(readFileSync('../tests/assessment/figures/counting_clocks.json', 'utf-8')) as Vector[]

describe('the clock that counts now', () => {
  it.each(vectors.map((one) => [one.name, one] as const))('%s', (_, vector) => {
    const at = Date.parse(vector.at)
    expect(countingClock(vector.clocks, at)?.kind ?? null).toBe(vector.counts)
    expect(countingClock([...vector.clocks].reverse(), at)?.kind ?? null).toBe(vector.counts)
    expect(worstLight(vector.clocks, at)).toBe(vector.light)
  })

  it('is the one that a wall shows of an issue whose relay nobody has answered', () => {
    const coming = relay(-2757, { kind: 'on_scene' })
    const { rows } = boardFrom(card('reported', [relay(-946), coming]))
    const [alarm] = alarmsOf(rows, [], NOW)
    expect(alarm?.clock).toBe(coming)
    expect(alarm?.clock).toBe(rows[0]?.clock)
  })
})

describe('the figures of this moment', () => {
  const states = STATE_FIGURES.map((state, index) => card(state, [relay(index % 2 ? -5 : 50)]))
  const board = boardFrom(
    ...states,
    card('suspended', []),
    card('reported', [relay(5)], { urgent: true }),
    card('reported', [relay(-5)], { sensitive: true, urgent: true }),
    card('filed', [relay(-5)], { exercise: true }),
    card('in_handling', [relay(40)], { cell: null }),
  )

  it('add up: the states to what is open, and what is sensitive to what this desk sees', () => {
    expect(STATE_FIGURES.reduce((all, state) => all + board.figures[state], 0)).toBe(board.figures.open)
    expect(board.figures.open).toBe(states.length + 3)
    expect(board.sensitive.open).toBe(1)
    expect(board.open).toBe(board.figures.open + board.sensitive.open)
  })

  it('count an urgent one that is near in both, and no exercise', () => {
    expect(board.figures).toMatchObject({ urgent: 1, amber: 1, red: 3, filed: 1 })
    expect(board.sensitive).toMatchObject({ urgent: 1, red: 1 })
  })

  it('have as many rows as they say', () => {
    for (const figure of NOW_FIGURES) expect(board.rows.filter((row) => isCounted(figure, row))).toHaveLength(board.figures[figure])
  })

  it('have as many rows in a desk’s list as its number says', () => {
    const rowsOf = (tab: Filter['tab']) => board.rows.filter((row) => matches(row, { tab, text: '', cell: null }, () => '')).length
    expect(rowsOf('ours')).toBe(board.ours)
    expect(rowsOf('out')).toBe(board.open - board.ours)
    expect(rowsOf('red')).toBe(board.red + board.amber)
    expect(rowsOf('offMap')).toBe(board.offMap)
  })

  it('open on the desk as many rows as they say, whatever list was looked at before', () => {
    setActivePinia(createPinia())
    const desk = useDesk()
    const shown = () => board.rows.filter((row) => matches(row, desk.filter, () => '')).length
    desk.filter.tab = 'red'
    desk.pickFigure('open')
    expect(shown()).toBe(board.figures.open)
    desk.pickFigure('sensitive')
    expect(shown()).toBe(board.sensitive.open)
    desk.showTab('ours')
    expect(shown()).toBe(board.ours)
    desk.pickCell(CELL.path, CELL.name, 'red')
    expect(shown()).toBe(board.byCell.get('g1')?.red)
  })

  it('say of a cell what lies in it, sensitive ones apart', () => {
    expect(board.byCell.get('g1')).toMatchObject({ open: states.length + 2, sensitive: 1, urgent: 1 })
  })

  it('are on the wall’s lists once each', () => {
    const alarms = alarmsOf(board.rows, [], NOW)
    const nearing = nearingOf(board.rows, alarms)
    expect(alarms.every(({ row }) => isCounted('red', row))).toBe(true)
    expect(nearing.every((row) => isCounted('urgent', row) || isCounted('amber', row))).toBe(true)
  })
})

describe('the number of a mark', () => {
  const ground = { byId: new Map([['g1', { id: 'g1', path: CELL.path, name: CELL.name, tier: 'grid', at: [120, 30] }]]) } as never

  it('is of the severity that the mark shows: one urgent among 59 is 1', () => {
    const calm = Array.from({ length: 58 }, () => card('in_handling', [relay(50)]))
    const { rows } = boardFrom(...calm, card('reported', [relay(50)], { urgent: true }))
    expect(cellPoints(rows, ground).features[0]?.properties).toMatchObject({ mark: 'urgent', count: 59, n3: 1, n0: 58 })
  })
})

it.each([
  [591, 609, '97.0%'],
  [3, 4, '75.0%'],
  [1, 16, '6.3%'],
  [1, 1, '100.0%'],
  [0, 3, '0.0%'],
  [0, 0, null],
])('a rate of %i of %i is %s', (part, all, text) => {
  expect(rateOf(part, all)).toBe(text)
})

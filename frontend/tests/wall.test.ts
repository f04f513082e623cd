/** What a room must see: who has not answered, what comes next; and the day, also what was before the wall was opened. */

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { api } from '@/api/calls'
import type { Flow } from '@/api/calls'
import { boardOf } from '@/shared/board'
import { clock } from '@/shared/clock'
import type { ClockCard, IssueCard } from '@/api/cards'
import type { FactFrame } from '@/shared/protocol'
import { useObjects } from '@/shared/stores/objects'
import { alarmsOf, nearingOf } from '@/wall/alarms'
import { useFlow } from '@/wall/flow'
import { clockCard, escalationCard, issueCard } from './cards'

const NOW = Date.parse('2026-11-02T03:00:00Z')
const minute = (n: number): string => new Date(NOW + n * 60_000).toISOString()
const relay = (left: number, more: Partial<ClockCard> = {}): ClockCard => clockCard('relay_up', minute(left - 60), minute(left), more)
const card = (clocks: ClockCard[], more: Partial<IssueCard> = {}): IssueCard =>
  issueCard({ cell: null, reported_at: minute(-30), clocks, ...more })
const rows = (...cards: [string, IssueCard][]) => boardOf(cards.map(([id, one]) => ({ id, version: 1, card: one })), NOW).rows

describe('alarms', () => {
  const all = rows(
    ['answered', card([relay(-5, { stopped_at: minute(-1), breached_at: minute(-5) })])],
    ['old', card([relay(-50)])],
    ['new', card([relay(-1)])],
    ['gas', card([relay(-30)], { urgent: true })],
    ['exercise', card([relay(-2)], { exercise: true })],
    ['handling', card([relay(-2, { kind: 'handling_issue' })], { state: 'in_handling' })],
    ['soon', card([relay(5)])],
    ['calm', card([relay(50)])],
  )
  const alarms = alarmsOf(all, [], NOW)

  it('are relays that are over and that nobody has answered: the urgent first, then the newest', () => {
    expect(alarms.map((one) => one.row.id)).toEqual(['gas', 'new', 'old'])
  })

  it('leave what is urgent or nearly over for the next list, and each in one', () => {
    expect(nearingOf(all, alarms).map((row) => row.id)).toEqual(['soon'])
  })

  it('say whom the ladder told, until it is answered', () => {
    const told = escalationCard({ issue: 'old', told: { post: null, rank: 'head', unit: 'town' } })
    expect(alarmsOf(all, [told], NOW).find((one) => one.row.id === 'old')?.told).toBe('town')
    expect(alarmsOf(all, [{ ...told, clock: 'relay_down_order' }], NOW).every((one) => one.told === null)).toBe(true)
    expect(alarmsOf(all, [{ ...told, open: false }], NOW).find((one) => one.row.id === 'old')?.told).toBeNull()
  })
})

describe('the latest steps of the day', () => {
  const told: Flow = {
    day: '2026-11-02',
    seq: 10,
    steps: [{ at: minute(-60), name: 'issue.closed', issue_id: 'a', version: 9, card: card([]) }],
  } as unknown as Flow
  const fact = (through: number, id: string, more: Partial<IssueCard> = {}): FactFrame => ({
    frame: 'fact',
    epoch: 1,
    through,
    hash: 'aa',
    fact: {
      at: minute(0),
      name: 'issue.reported',
      object: { kind: 'issue', id },
      version: 1,
      card: card([], more) as never,
      body: {},
    },
  })

  beforeEach(() => {
    setActivePinia(createPinia())
    vi.restoreAllMocks()
    vi.spyOn(clock, 'now').mockReturnValue(NOW)
  })

  it('are the server’s, and what was heard after it, each once', async () => {
    vi.spyOn(api, 'flow').mockResolvedValue(told)
    const objects = useObjects()
    const flow = useFlow()
    objects.take(fact(10, 'counted')) // heard before the answer, and in it
    objects.take(fact(11, 'heard'))
    await flow.load()
    objects.take(fact(12, 'later'))
    objects.take(fact(13, 'drill', { exercise: true }))
    const late = fact(14, 'late')
    objects.take({ ...late, fact: { ...late.fact, at: minute(-24 * 60) } }) // of yesterday
    expect(flow.steps.map((step) => step.key)).toEqual(['later/1', 'heard/1', 'a/9'])
  })

  it('says nothing while it does not know', () => {
    vi.spyOn(api, 'flow').mockRejectedValue(new Error('away'))
    expect(useFlow().base).toBeNull()
  })
})

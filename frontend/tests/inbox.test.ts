/** What runs against a liaison's unit: acknowledging, then handling, and coming to an urgent matter; another's clocks are not. */

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { clocksAgainst, useInbox } from '@/phone/liaison/orders'
import type { ClockCard, IssueCard, OrderCard } from '@/api/cards'
import { useObjects } from '@/shared/stores/objects'
import { useSession } from '@/shared/stores/session'
import { clockCard, orderCard } from './cards'

const waits = { acknowledged_at: null }
const MINE = new Set(['u1'])
const at = (minute: number): string => new Date(Date.UTC(2026, 10, 2, 1, minute)).toISOString()
const runs = (kind: ClockCard['kind'], from: number, due: number): ClockCard => clockCard(kind, at(from), at(due))
const ran = (kind: ClockCard['kind'], from: number, due: number, stop: number): ClockCard => ({ ...runs(kind, from, due), stopped_at: at(stop) })
const order = (over: Partial<OrderCard>): OrderCard => orderCard({ state: 'acknowledged', sent_at: at(0), ...over })
const issue = (...clocks: ClockCard[]): IssueCard => ({ clocks }) as never
const kinds = (clocks: readonly ClockCard[]): string[] => clocks.map((one) => one.kind)

describe('the clocks against a unit', () => {
  it('are its own order’s, and coming to what is urgent until the order is answered', () => {
    const card = order({ clocks: [ran('relay_down_order', 0, 60, 5), runs('handling_order', 0, 7200)] })
    const urgent = issue(runs('on_scene', 0, 30), runs('handling_issue', 0, 7200))
    expect(kinds(clocksAgainst(card, urgent, MINE))).toEqual(['on_scene', 'relay_down_order', 'handling_order'])
    expect(kinds(clocksAgainst(card, issue(ran('on_scene', 0, 30, 9)), MINE))).toEqual(['relay_down_order', 'handling_order'])
    expect(kinds(clocksAgainst({ ...card, state: 'fed_back' }, urgent, MINE))).toEqual(['relay_down_order', 'handling_order'])
    expect(kinds(clocksAgainst(card, undefined, MINE))).toEqual(['relay_down_order', 'handling_order'])
  })

  it('are of a forward those of its taker alone', () => {
    const [first, second] = [runs('relay_down_forward', 10, 70), runs('relay_down_forward', 10, 80)] // begun at one instant
    const forwards = [
      { giver: 'u1', receiver: null, taker: 'u2', sent_at: at(10), clock: first.id, ...waits },
      { giver: 'u2', receiver: null, taker: 'u3', sent_at: at(10), clock: second.id, ...waits },
    ]
    const card = order({ forwards, clocks: [runs('relay_down_order', 0, 60), first, second, runs('handling_order', 0, 7200)] })
    expect(kinds(clocksAgainst(card, undefined, MINE))).toEqual(['relay_down_order', 'handling_order'])
    expect(clocksAgainst(card, undefined, new Set(['u3'])).map((one) => one.due_at)).toEqual([at(80), at(7200)])
  })
})

describe('the inbox', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    useSession().session = { posts: [{ unit: { id: 'u1' } }] } as never
  })

  it('counts down to what is due first: acknowledged, an order goes on to its handling', () => {
    const has = (card: OrderCard): void => {
      useObjects().load({ objects: [{ kind: 'order', id: 'o1', version: 1, card: card as never }] })
    }
    const handling = runs('handling_order', 0, 7200)
    has(order({ state: 'sent', clocks: [runs('relay_down_order', 0, 60), handling] }))
    expect(useInbox().rows[0]?.clock?.kind).toBe('relay_down_order')
    has(order({ clocks: [ran('relay_down_order', 0, 60, 5), handling] }))
    expect(useInbox().rows[0]?.clock?.kind).toBe('handling_order')
    has(order({ clocks: [clockCard('handling_order', at(0), null, { paused_at: at(9), left_ms: 60_000, light: 'amber' })] }))
    expect(useInbox().rows[0]?.clock?.due_at).toBeNull() // it rests: nothing is counted down
  })
})

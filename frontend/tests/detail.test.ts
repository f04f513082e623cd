/** The open detail: asked for again when a fact touches the matter, and only then. */

import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api } from '@/api/calls'
import type { IssueDetail } from '@/api/calls'
import { clocksOf } from '@/console/clocks'
import { useDetail } from '@/console/detail'
import type { ClockCard, IssueCard } from '@/api/cards'
import type { Change } from '@/shared/protocol'
import { Refusal } from '@/api/client'
import { useObjects } from '@/shared/stores/objects'
import { fact } from './wire'
import { clockCard } from './cards'

const asked = vi.spyOn(api, 'issue')
const QUIET = 500

/** What another object's fact says of itself. */
const about = (through: number, id: string, kind: string, card: Record<string, unknown>): Change => {
  const told = fact(through, 1, { open: true, ...card })
  return { ...told, fact: { ...told.fact, object: { id, kind } } } as unknown as Change
}

describe('the open detail', () => {
  beforeEach(async () => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    useObjects().connect({ schedule: (run) => run(), fetchObject: () => Promise.resolve(null) })
    const merged = [{ id: 'into-it', version: 2, card: {}, reports: [] }]
    asked.mockReset().mockResolvedValue({ id: 'open', version: 3, card: {}, reports: [], orders: [], merged } as unknown as IssueDetail)
    useDetail().select('open')
    await vi.advanceTimersByTimeAsync(QUIET)
    asked.mockClear()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const told = async (change: Change): Promise<number> => {
    useObjects().take(change)
    await vi.advanceTimersByTimeAsync(QUIET)
    return asked.mock.calls.length
  }

  it('asks again when a reporter whose report was merged into it adds something', async () => {
    expect(await told(about(8, 'r2', 'report', { issue: 'into-it' }))).toBe(1)
  })

  it('asks again when another issue is just now merged into it', async () => {
    expect(await told(about(8, 'third', 'issue', { merged_into: 'open' }))).toBe(1)
  })

  it('asks once for the several facts of one action', async () => {
    useObjects().take(about(8, 'r2', 'report', { issue: 'into-it' }))
    expect(await told(about(9, 'r1', 'report', { issue: 'open' }))).toBe(1)
  })

  it('asks again when a receipt of an order comes before the answer that holds the order', async () => {
    expect(await told(about(8, 'o1', 'order', { issue: 'open' }))).toBe(1) // read before the receipt: without it
    asked.mockClear()
    expect(await told(about(9, 'c1', 'receipt', { order: 'o1', open: false }))).toBe(1)
    asked.mockClear()
    expect(await told(about(10, 'c2', 'receipt', { order: 'o9', open: false }))).toBe(0)
  })

  it('leaves other matters alone', async () => {
    expect(await told(about(8, 'r9', 'report', { issue: 'another' }))).toBe(0)
  })

  it('is of the version that is read, before it has been fetched again', () => {
    expect(useDetail().version).toBe(3)
    useObjects().take({ ...(fact(8, 4, { open: true, state: 'filed' }, 'open') as object) } as unknown as Change)
    expect(asked).not.toHaveBeenCalled()
    expect(useDetail().card).toMatchObject({ state: 'filed' })
    expect(useDetail().version).toBe(4)
  })

  it('shows nothing of it, and above all no name in clear, once it has left this desk\'s scope', async () => {
    useDetail().revealed([{ id: 'r1' }] as unknown as Parameters<ReturnType<typeof useDetail>['revealed']>[0])
    asked.mockRejectedValue(new Refusal({ status: 404, code: 'issue.not_found', title: '' }))
    useObjects().take({ frame: 'left_scope', epoch: 1, through: 9, hash: 'h', object: { id: 'open', kind: 'issue' }, version: 4 })
    expect(useDetail().clear.size).toBe(0) // at once
    await vi.advanceTimersByTimeAsync(QUIET)
    expect(useDetail().failed).toBe('gone')
    expect(useDetail().detail).toBeNull()
    expect(useDetail().card).toBeNull()
  })

  it('asks again when everything was loaded anew, and says until then that verbs and texts are older', async () => {
    asked.mockResolvedValue({ id: 'open', version: 5, card: {}, reports: [], orders: [], merged: [] } as unknown as IssueDetail)
    useObjects().load({ objects: [{ id: 'open', kind: 'issue', version: 5, card: { open: true } }] as never })
    expect(useDetail().behind).toBe(true)
    await vi.advanceTimersByTimeAsync(QUIET)
    expect(asked).toHaveBeenCalledOnce()
    expect(useDetail().behind).toBe(false)
  })
})

it('shows of an issue also the clocks that have ended and are on its card no more, but those of orders', () => {
  const ended = (kind: ClockCard['kind'], order: string | null) => ({ ...clockCard(kind, '2026-11-02T01:00:00Z', '2026-11-02T02:00:00Z', { stopped_at: '2026-11-02T01:10:00Z' }), order })
  const runs = clockCard('handling_issue', '2026-11-02T01:05:00Z', '2026-11-07T01:05:00Z')
  const told = clockCard('on_scene', '2026-11-02T01:00:00Z', '2026-11-02T02:00:00Z', { stopped_at: '2026-11-02T01:20:00Z' }) // of the same kind and start as another
  const detail = { clocks: [ended('on_scene', null), ended('relay_down_order', 'o1'), { ...runs, order: null }, { ...told, order: null }] }
  expect(clocksOf({ clocks: [runs, told] } as unknown as IssueCard, detail as never).map((one) => one.kind)).toEqual(['handling_issue', 'on_scene', 'on_scene'])
})

/** A light changes at the exact instant, and a stopped clock keeps its colour. Rules: docs/rules.md, "Clocks". */

import { describe, expect, it } from 'vitest'
import { countingClock, isPaused, leftOf, lightOf, nextChange, shareOf, worstLight } from '@/shared/lights'
import type { Clock } from '@/shared/protocol'
import { span } from '@/shared/words/format'

const at = (text: string): number => Date.parse(`2026-11-02T${text}Z`)
const relay = (more: Partial<Clock> = {}): Clock => ({
  kind: 'relay_up',
  started_at: '2026-11-02T09:00:00.000000Z',
  due_at: '2026-11-02T10:00:00.000000Z',
  stopped_at: null,
  breached_at: null,
  ...more,
})

describe('a running relay of 60 minutes', () => {
  it.each([
    ['09:00:00.000', 'green'],
    ['09:47:59.999', 'green'],
    ['09:48:00.000', 'amber'],
    ['09:59:59.999', 'amber'],
    ['10:00:00.000', 'red'],
    ['12:00:00.000', 'red'],
  ])('at %s is %s', (time, light) => {
    expect(lightOf(relay(), at(time))).toBe(light)
  })

  it('changes next at 80 %, then at 100 %, then never', () => {
    expect(nextChange(relay(), at('09:10:00'))).toBe(at('09:48:00'))
    expect(nextChange(relay(), at('09:48:00'))).toBe(at('10:00:00'))
    expect(nextChange(relay(), at('10:00:00'))).toBeNull()
  })

  it('is red once breached, whatever the screen believes of the time', () => {
    expect(lightOf(relay({ breached_at: '2026-11-02T10:00:00Z' }), at('09:10:00'))).toBe('red')
  })
})

describe('a stopped clock', () => {
  it.each([
    ['09:20:00', 'green'],
    ['09:50:00', 'amber'],
    ['10:00:01', 'red'],
  ])('stopped at %s stays %s', (time, light) => {
    const clock = relay({ stopped_at: `2026-11-02T${time}Z` })
    expect(lightOf(clock, at('23:00:00'))).toBe(light)
    expect(nextChange(clock, at('09:00:00'))).toBeNull()
    expect(leftOf(clock, at('09:30:00'))).toBeNull()
  })

  it('does not burn: the worst light is that of the running clocks', () => {
    const stopped = relay({ stopped_at: '2026-11-02T10:30:00Z', breached_at: '2026-11-02T10:00:00Z' })
    expect(worstLight([stopped], at('11:00:00'))).toBe('green')
    expect(worstLight([stopped, relay({ due_at: '2026-11-02T11:10:00Z' })], at('10:50:00'))).toBe('amber')
    expect(countingClock([stopped, relay()], at('11:00:00'))).toMatchObject({ due_at: '2026-11-02T10:00:00.000000Z', stopped_at: null })
  })
})

it('draws a share beyond the limit as such', () => {
  expect(shareOf(relay(), at('10:30:00'))).toBeCloseTo(1.5)
})

describe('a countdown', () => {
  it.each([
    [3_600_000, '1时00分'],
    [3_599_000, '59:59'],
    [1, '00:01'],
    [0, '00:00'],
    [-999, '00:00'],
    [-61_000, '01:01'],
    [90_000_000, '1天1时'],
  ])('of %i ms reads %s', (ms, text) => {
    expect(span(ms)).toBe(text)
  })
})

it('keeps a paused clock’s light, without a due time', () => {
  const paused = relay({ due_at: null, paused_at: '2026-11-02T09:50:00Z', allowance_s: 3600 })
  expect(lightOf(paused, at('12:00:00'))).toBe('amber')
  expect(leftOf(paused, at('12:00:00'))).toBeNull()
  expect(nextChange(paused, at('09:10:00'))).toBeNull()
  expect(countingClock([paused], at('12:00:00'))).toBe(paused)
  expect(isPaused(paused)).toBe(true)
  expect(lightOf(relay({ due_at: null, paused_at: '2026-11-02T09:50:00Z' }), at('12:00:00'))).toBe('green')
  expect(lightOf(relay({ due_at: null, breached_at: '2026-11-02T10:00:00Z' }), at('12:00:00'))).toBe('red')
})

describe('a clock that was paused', () => {
  const day = 86_400
  // five days, of which two were used; paused for ten; resumed with three left
  const resumed = relay({
    kind: 'handling_order',
    started_at: '2026-11-02T09:00:00Z',
    due_at: '2026-11-17T09:00:00Z',
    allowance_s: 5 * day,
  })
  it.each([
    ['2026-11-14T09:00:00Z', 'green', 0.4],
    ['2026-11-16T08:59:59Z', 'green', 0.8],
    ['2026-11-16T09:00:00Z', 'amber', 0.8],
    ['2026-11-17T09:00:00Z', 'red', 1],
  ])('at %s is %s: its pause used nothing up', (moment, light, share) => {
    const now = Date.parse(moment)
    expect(lightOf(resumed, now)).toBe(light)
    expect(shareOf(resumed, now)).toBeCloseTo(share)
  })
  it('keeps its light when it is paused again', () => {
    const again = { ...resumed, due_at: null, paused_at: '2026-11-16T10:00:00Z', left_ms: 23 * 3_600_000 }
    expect(lightOf(again, Date.parse('2026-12-20T00:00:00Z'))).toBe('amber')
    expect(lightOf({ ...again, left_ms: 2 * day * 1000 }, Date.parse('2026-12-20T00:00:00Z'))).toBe('green')
  })
})

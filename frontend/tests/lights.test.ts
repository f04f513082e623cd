/** A light changes at the exact instant, and a stopped clock keeps its colour. Rules: docs/rules.md, "Clocks". */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { countingClock, dueOf, isPaused, isRunning, leftOf, lightOf, momentOf, nextChange, useOf, worstLight } from '@/shared/lights'
import type { ClockCard } from '@/api/cards'
import { span } from '@/shared/words/format'
import { clockCard } from './cards'

interface Vector {
  name: string
  at: string
  clock: ClockCard
  light: string
}
const vectors = JSON.parse(readFileSync('../tests/dispatch/clocks/lights.json', 'utf-8')) as Vector[]

describe('the table that the server’s rule is held to as well', () => {
  it.each(vectors.map((one) => [one.name, one] as const))('%s', (_, { clock, at, light }) => {
    expect(lightOf(clock, momentOf(at))).toBe(light)
  })

  it.each(vectors.map((one) => [one.name, one] as const))('and says when it changes: %s', (_, { clock, at, light }) => {
    const change = nextChange(clock, momentOf(at))
    if (isPaused(clock) || !isRunning(clock) || light === 'red') expect(change).toBeNull()
    else {
      expect(lightOf(clock, (change ?? 0) - 0.0005)).toBe(light)
      expect(lightOf(clock, change ?? 0)).not.toBe(light)
    }
  })
})

const at = (text: string): number => Date.parse(`2026-11-02T${text}Z`)
const relay = (more: Partial<ClockCard> = {}): ClockCard => clockCard('relay_up', '2026-11-02T09:00:00.000000Z', '2026-11-02T10:00:00.000000Z', more)

describe('a running relay of 60 minutes', () => {
  it('changes next at 80 %, then at 100 %, then never', () => {
    expect(nextChange(relay(), at('09:10:00'))).toBe(at('09:48:00'))
    expect(nextChange(relay(), at('09:48:00'))).toBe(at('10:00:00'))
    expect(nextChange(relay(), at('10:00:00'))).toBeNull()
  })

  it('changes where its card says, whatever share that is', () => {
    const early = relay({ amber_at: '2026-11-02T09:42:00.000000Z' })
    expect(nextChange(early, at('09:10:00'))).toBe(at('09:42:00'))
    expect(useOf(early, at('09:10:00')).amberMs).toBe(42 * 60_000)
  })
})

it('does not burn once stopped: the worst light is that of the running clocks', () => {
  const stopped = relay({ stopped_at: '2026-11-02T10:30:00Z', breached_at: '2026-11-02T10:00:00Z' })
  expect(leftOf(stopped, at('09:30:00'))).toBeNull()
  expect(nextChange(stopped, at('09:00:00'))).toBeNull()
  expect(worstLight([stopped], at('11:00:00'))).toBe('green')
  const later = clockCard('dispatch', '2026-11-02T10:10:00Z', '2026-11-02T11:10:00Z')
  expect(worstLight([stopped, later], at('10:59:00'))).toBe('amber')
  expect(countingClock([stopped, relay()], at('11:00:00'))).toMatchObject({ due_at: '2026-11-02T10:00:00.000000Z', stopped_at: null })
})

describe('a bar', () => {
  it('draws what lies beyond the limit as such, and stands where its clock stopped', () => {
    expect(useOf(relay(), at('10:30:00'))).toEqual({ allowedMs: 3_600_000, usedMs: 5_400_000, amberMs: 2_880_000 })
    expect(useOf(relay({ stopped_at: '2026-11-02T09:20:00Z' }), at('10:30:00')).usedMs).toBe(1_200_000)
    expect(useOf(relay(), at('08:59:00')).usedMs).toBe(0)
  })

  it('counts no pause, and shows of what rests what was used', () => {
    const day = 86_400_000
    const resumed = clockCard('handling_order', '2026-11-02T09:00:00Z', '2026-11-17T09:00:00Z', { allowance_s: 5 * 86_400, amber_at: '2026-11-16T09:00:00Z' })
    expect(useOf(resumed, Date.parse('2026-11-14T09:00:00Z'))).toEqual({ allowedMs: 5 * day, usedMs: 2 * day, amberMs: 4 * day })
    const rests = { ...resumed, amber_at: null, due_at: null, paused_at: '2026-11-14T09:00:00Z', left_ms: 3 * day, light: 'green' as const }
    expect(useOf(rests, Date.parse('2026-12-14T09:00:00Z'))).toEqual({ allowedMs: 5 * day, usedMs: 2 * day, amberMs: null })
  })
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
  const paused = clockCard('handling_order', '2026-11-02T09:00:00Z', null, { paused_at: '2026-11-02T09:50:00Z', left_ms: 600_000, light: 'amber' })
  expect(lightOf(paused, at('12:00:00'))).toBe('amber')
  expect(leftOf(paused, at('12:00:00'))).toBeNull()
  expect(nextChange(paused, at('09:10:00'))).toBeNull()
  expect(dueOf(paused)).toBe(Infinity)
  expect(countingClock([paused], at('12:00:00'))).toBe(paused)
  expect(isPaused(paused)).toBe(true)
})

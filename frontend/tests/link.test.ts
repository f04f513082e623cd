/** A dead part never looks healthy, and the right one is named. */

import { describe, expect, it } from 'vitest'
import { isLoud, judge } from '@/shared/link'
import type { Heard } from '@/shared/link'

const SERVER = Date.parse('2026-11-02T09:00:00Z')
/** A socket whose last beat came at tick 100,000 and told that all was read just then. */
const heard = (more: Partial<Heard> = {}): Heard => ({
  open: true,
  frameAt: 100_000,
  beatAt: 100_000,
  serverTime: SERVER,
  verifiedAt: SERVER - 200,
  wroteAt: SERVER - 3_000,
  timerAt: SERVER - 600,
  workerAt: SERVER - 1_000,
  since: 0,
  ...more,
})

describe('the link', () => {
  it('is live while beats come', () => {
    expect(judge(heard(), 104_900)).toEqual({ state: 'live', ageS: 5, culprit: null })
  })

  it('is late when a beat is missed, without noise', () => {
    const verdict = judge(heard(), 108_000)
    expect(verdict.state).toBe('late')
    expect(isLoud(verdict)).toBe(false)
  })

  it('is stale by the gateway when nothing comes for 12 seconds', () => {
    expect(judge(heard(), 111_999).culprit).toBe('gateway')
    expect(judge(heard(), 112_000)).toEqual({ state: 'stale', ageS: 12, culprit: 'gateway' })
  })

  it('is stale by the database when beats come and the head was not read', () => {
    const verdict = judge(heard({ verifiedAt: SERVER - 11_000 }), 100_500)
    expect(verdict).toEqual({ state: 'stale', ageS: 11, culprit: 'database' })
    expect(isLoud(verdict)).toBe(true)
  })

  it('is stale by the timer when its pass is old', () => {
    expect(judge(heard({ timerAt: SERVER - 12_000 }), 100_000)).toEqual({ state: 'stale', ageS: 12, culprit: 'timer' })
  })

  it.each([
    ['writing', 'wroteAt', 16_000],
    ['worker', 'workerAt', 31_000],
  ] as const)('is stale by %s when that is old, though everything is read', (culprit, part, age) => {
    expect(judge(heard({ [part]: SERVER - age + 2_000 }), 100_000).state).toBe('live')
    const verdict = judge(heard({ [part]: SERVER - age }), 100_000)
    expect(verdict).toEqual({ state: 'stale', ageS: age / 1000, culprit })
    expect(isLoud(verdict)).toBe(true)
  })

  it.each([
    ['verifiedAt', 'database'],
    ['wroteAt', 'writing'],
    ['timerAt', 'timer'],
    ['workerAt', 'worker'],
  ] as const)('is stale when %s was never told, and says whose fault that is', (part, culprit) => {
    const verdict = judge(heard({ [part]: null }), 101_000)
    expect(verdict).toEqual({ state: 'stale', ageS: null, culprit })
    expect(isLoud(verdict)).toBe(true)
  })

  it('is offline at once when the socket is gone, and loud when the picture is old', () => {
    const soon = judge(heard({ open: false }), 103_000)
    expect([soon.state, isLoud(soon)]).toEqual(['offline', false])
    const later = judge(heard({ open: false }), 111_000)
    expect([later.state, later.ageS, isLoud(later)]).toEqual(['offline', 11, true])
  })

  it('is connecting on a fresh page, and loud when that takes 12 seconds', () => {
    const fresh = heard({ open: false, frameAt: null, beatAt: null, serverTime: null, since: 1_000 })
    expect(judge(fresh, 12_000).state).toBe('connecting')
    const verdict = judge(fresh, 13_000)
    expect([verdict.state, isLoud(verdict)]).toEqual(['offline', true])
  })

  it('is not live on a new socket before its first beat', () => {
    expect(judge(heard({ beatAt: null, frameAt: 100_000 }), 101_000).state).toBe('connecting')
  })
})

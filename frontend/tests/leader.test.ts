/** What a leader's screen asks for again, and what it leaves alone. */

import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api } from '@/api/calls'
import { Refusal, Unreachable } from '@/api/client'
import { useToday } from '@/shared/stores/today'

const HOUR = 3_600_000

describe('the day, counted by place', () => {
  const asked = vi.spyOn(api, 'situation')

  beforeEach(() => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    asked.mockReset()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is asked for once by a head whose unit answers for no place, and is no failure', async () => {
    asked.mockRejectedValue(new Refusal({ status: 404, title: '' } as never))
    const today = useToday()
    today.start()
    await vi.advanceTimersByTimeAsync(HOUR)
    expect(asked).toHaveBeenCalledTimes(1)
    expect(today.placeless).toBe(true)
    expect(today.failed).toBe(false)
  })

  it('is asked for again where the line is bad, and says so', async () => {
    asked.mockRejectedValue(new Unreachable('no answer'))
    const today = useToday()
    today.start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked.mock.calls.length).toBeGreaterThan(1)
    expect(today.placeless).toBe(false)
    expect(today.failed).toBe(true)
  })
})

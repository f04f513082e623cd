/** The phone's last list goes with the session, whoever hears of its end first, and does not come back. */

import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Session } from '@/api/calls'
import { forgetLast, keepLast } from '@/phone/kept'
import { useStandby } from '@/phone/standby'
import { useLive } from '@/shared/live'
import { useObjects } from '@/shared/stores/objects'
import { useSession } from '@/shared/stores/session'

vi.mock('@/phone/kept', () => ({ keepLast: vi.fn(() => Promise.resolve()), forgetLast: vi.fn(() => Promise.resolve()), readLast: vi.fn() }))
const MINUTE = 60_000

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  vi.mocked(keepLast).mockClear()
  vi.mocked(forgetLast).mockClear()
})
afterEach(() => {
  vi.useRealTimers()
})

it('is dropped when a request hears that nobody is signed in, though the line still stands', async () => {
  const session = useSession()
  session.session = { person: { id: 'p1', name: '' }, posts: [] } as unknown as Session
  useObjects().load({ objects: [] })
  vi.spyOn(useLive(), 'verdict', 'get').mockReturnValue({ state: 'live', ageS: 0 } as never)
  useStandby().follow()
  await vi.advanceTimersByTimeAsync(MINUTE)
  expect(vi.mocked(keepLast)).toHaveBeenCalled()
  expect(vi.mocked(forgetLast)).not.toHaveBeenCalled()

  vi.mocked(keepLast).mockClear()
  session.lose()
  await nextTick()
  await vi.advanceTimersByTimeAsync(MINUTE)
  expect([vi.mocked(forgetLast).mock.calls.length, vi.mocked(keepLast).mock.calls.length]).toEqual([1, 0])
})

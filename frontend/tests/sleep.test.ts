/** A phone wakes in a pocket: its picture is old, and looks it from the first second. */

import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { api } from '@/api/calls'
import { clock } from '@/shared/clock'
import { useLive } from '@/shared/live'
import { LiveSocket } from '@/shared/socket'
import { beat, FakeSocket, settle, welcome } from './wire'

let dialled: FakeSocket[] = []

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  dialled = []
  vi.spyOn(api, 'ticket').mockResolvedValue({ ticket: 't', expires_at: '2099-01-01T00:00:00Z' })
  vi.spyOn(LiveSocket, 'dial').mockImplementation(() => {
    const socket = new FakeSocket()
    dialled.push(socket)
    return socket as unknown as WebSocket
  })
})
afterEach(() => {
  useLive().stop()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** The socket that was opened last. */
function last(): FakeSocket {
  const socket = dialled[dialled.length - 1]
  if (!socket) throw new Error('no socket was opened')
  return socket
}

it('says stale as soon as it wakes, opens another line at once, and is live with its first beat', async () => {
  const lived = vi.spyOn(clock, 'lived')
  lived.mockReturnValue(1_000)
  const live = useLive()
  live.start({ signedOut: () => undefined })
  await settle()
  last().accept()
  last().tell(welcome(7))
  last().tell(beat(7))
  expect(live.verdict.state).toBe('live')

  lived.mockReturnValue(1_000 + 1_800_000) // its timers slept with it
  vi.advanceTimersByTime(1_001)
  expect(live.verdict).toMatchObject({ state: 'stale', ageS: 1_800, culprit: 'gateway' })
  expect(live.loud).toBe(true)
  await nextTick()
  await settle()
  expect(dialled).toHaveLength(2)
  expect(live.loud).toBe(true)

  last().accept()
  last().tell(welcome(9))
  expect(live.verdict.state).toBe('connecting')
  expect(live.loud).toBe(true) // welcomed, and nothing read of the database yet
  last().tell(beat(9))
  expect(live.verdict).toMatchObject({ state: 'live', culprit: null })
  expect(live.loud).toBe(false)
})

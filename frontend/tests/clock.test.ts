/** The screen's time is the server's, whatever the PC's clock does. */

import { expect, it } from 'vitest'
import { ServerClock } from '@/shared/clock'

const AT = '2026-11-02T09:00:00.000Z'

it('follows the server and not the wall clock of the PC', () => {
  let ticks = 1_000
  let wall = Date.parse('1999-01-01T00:00:00Z')
  const clock = new ServerClock(
    () => ticks,
    () => wall,
  )
  expect(clock.synced).toBe(false)
  clock.sample(AT)
  ticks += 2_500
  wall += 86_400_000
  expect(clock.now()).toBe(Date.parse(AT) + 2_500)
})

it('takes the sample that was least delayed', () => {
  let ticks = 0
  const clock = new ServerClock(() => ticks)
  ticks = 300 // 300 ms on the way
  clock.sample('2026-11-02T09:00:00.000Z')
  ticks = 5_020 // 20 ms on the way
  clock.sample('2026-11-02T09:00:05.000Z')
  ticks = 10_400 // 400 ms on the way
  clock.sample('2026-11-02T09:00:10.000Z')
  expect(clock.now()).toBe(Date.parse('2026-11-02T09:00:10.380Z'))
})

it('begins anew after a step of more than two seconds', () => {
  let ticks = 0
  const clock = new ServerClock(() => ticks)
  clock.sample('2026-11-02T09:00:00.000Z')
  ticks = 5_000 // the PC slept for an hour: its monotonic clock stood still
  clock.sample('2026-11-02T10:00:00.000Z')
  expect(clock.now()).toBe(Date.parse('2026-11-02T10:00:00.000Z'))
  clock.sample('not a time')
  expect(clock.now()).toBe(Date.parse('2026-11-02T10:00:00.000Z'))
})

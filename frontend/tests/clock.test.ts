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
  expect(Date.parse('2026-11-02T09:00:10.380Z') - clock.now()).toBeCloseTo(2.7, 1) // what two quartzes may drift in 5 s
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

it('takes a time that lay on the way for old, however long the line holds everything back', () => {
  let ticks = 0
  const clock = new ServerClock(() => ticks)
  clock.sample('2026-11-02T09:00:00.000Z')
  for (const [at, told, delay] of [
    [6_500, '2026-11-02T09:00:05.000Z', 0], // within what a network may do
    [40_000, '2026-11-02T09:00:10.000Z', 30_000],
    [100_000, '2026-11-02T09:00:40.000Z', 60_000], // a minute of nothing else
    [160_000, '2026-11-02T09:01:40.000Z', 60_000],
  ] as const) {
    ticks = at
    clock.sample(told)
    expect(Math.abs(clock.delayOf(told) - delay)).toBeLessThan(100)
  }
})

it('lets quartzes drift, and believes a server whose clock was put back once it answers at once', () => {
  let ticks = 0
  const clock = new ServerClock(() => ticks)
  clock.sample('2026-11-02T09:00:00.000Z')
  ticks = 3_600_000 // an hour here, a second less there
  clock.sample('2026-11-02T09:59:59.000Z')
  expect(clock.now()).toBe(Date.parse('2026-11-02T09:59:59.000Z'))
  ticks += 100
  clock.sample('2026-11-02T09:30:00.000Z', ticks - 2_500) // an answer that was long on its way
  expect(clock.delayOf('2026-11-02T09:30:00.000Z')).toBeGreaterThan(1_700_000)
  clock.sample('2026-11-02T09:30:00.000Z', ticks - 50)
  expect(clock.now()).toBe(Date.parse('2026-11-02T09:30:00.000Z'))
})

it('counts the time that the machine slept, and never less for a clock that was put back', () => {
  let ticks = 0
  let wall = Date.parse(AT)
  const clock = new ServerClock(
    () => ticks,
    () => wall,
  )
  const began = clock.lived()
  const pass = (awake: number, onTheWall: number): void => {
    ticks += awake
    wall += onTheWall
  }
  pass(5_000, 5_000)
  expect(clock.lived() - began).toBe(5_000)
  pass(1_000, 1_800_000) // half an hour in a pocket
  expect(clock.lived() - began).toBe(5_000 + 1_800_000)
  pass(1_000, -86_400_000) // somebody puts the date back
  expect(clock.lived() - began).toBe(6_000 + 1_800_000)
  for (let i = 0; i < 1_000; i += 1) {
    pass(0.4, i % 2) // clocks of different grain add nothing
    clock.lived()
  }
  expect(clock.lived() - began).toBeCloseTo(6_400 + 1_800_000)
})

/** The ticking of the screens: each second of the server, and each exact instant at which a light changes. */

import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { clock } from './clock'

const LONGEST_MS = 3_600_000

export const useTime = defineStore('time', () => {
  /** Server's time in ms, renewed at each whole second and at each boundary. */
  const now = shallowRef(clock.now())
  /** Grows each time that an instant given to `wakeAt` has passed. */
  const boundary = shallowRef(0)
  let wakes: number | null = null
  let second: ReturnType<typeof setTimeout> | undefined
  let exact: ReturnType<typeof setTimeout> | undefined

  function tick(): void {
    now.value = clock.now()
    second = setTimeout(tick, 1000 - (now.value % 1000) + 1)
  }

  function start(): void {
    if (second === undefined) tick()
  }

  /** Asks for a boundary at `instant` (server's ms); null asks for none. The last call counts. */
  function wakeAt(instant: number | null): void {
    wakes = instant
    clearTimeout(exact)
    if (instant === null) return
    exact = setTimeout(pass, Math.min(LONGEST_MS, Math.max(0, Math.ceil(instant - clock.now()))))
  }

  function pass(): void {
    if (wakes === null) return
    if (clock.now() < wakes) return wakeAt(wakes) // fired early, or the instant is hours away
    wakes = null
    now.value = clock.now()
    boundary.value += 1
  }

  return { now, boundary, start, wakeAt }
})

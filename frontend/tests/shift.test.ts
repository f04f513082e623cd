/** A desk on shift is heard, or says that it is not. */

import { createPinia, disposePinia, setActivePinia } from 'pinia'
import type { Pinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick, shallowReactive } from 'vue'
import { MUTED_MIN, useShift } from '@/console/shift'
import type { Row } from '@/shared/board'
import { clock } from '@/shared/clock'
import { useSession } from '@/shared/stores/session'
import { useTime } from '@/shared/time'
import { plugIn, Plug } from './plug'

const MINUTE = 60_000
const board = shallowReactive({ rows: [] as Row[] })
vi.mock('@/shared/stores/board', () => ({ useBoard: () => ({ board }) }))

const theTime = (): number => vi.getMockedSystemTime()?.getTime() ?? 0
const waits = (...ids: string[]): void => {
  board.rows = ids.map((id) => ({ id, pinned: true }) as Row)
}
function signIn(id: string): void {
  useSession().session = { person: { id }, posts: [], rights: ['issues.accept'] } as never
}

let page: Pinia | null = null
/** The page is loaded anew, by this person. */
function opened(id = 'wang'): ReturnType<typeof useShift> {
  leave()
  setActivePinia((page = createPinia()))
  const shift = useShift()
  useTime().start()
  signIn(id)
  return shift
}
function leave(): void {
  if (page) disposePinia(page)
  page = null
}
const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms)
}

describe('a shift', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    localStorage.clear()
    plugIn()
    waits()
    vi.spyOn(clock, 'now').mockImplementation(theTime)
    vi.spyOn(clock, 'ticks').mockImplementation(theTime)
  })
  afterEach(() => {
    leave()
    vi.useRealTimers()
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })

  it('is taken up again after a reload, by its person only, and not after a day that nobody saw', async () => {
    opened().press()
    await nextTick()
    expect(opened().on).toBe(false) // until it is known who is here
    await nextTick()
    expect(useShift().on).toBe(true)
    opened('li')
    await nextTick()
    expect(useShift().on).toBe(false)
    await pass(0)
    vi.setSystemTime(theTime() + 25 * 60 * MINUTE)
    opened()
    await nextTick()
    expect(useShift().on).toBe(false)
  })

  it('sounds while something urgent waits, and at once for a new one', async () => {
    const shift = opened()
    shift.press()
    await pass(2_000)
    Plug.heard = []
    waits('a')
    await nextTick()
    expect(Plug.heard.length).toBe(3)
    await pass(4_000)
    expect(Plug.heard.length).toBe(6)
    waits('a', 'b')
    await nextTick()
    expect(Plug.heard.length).toBe(9)
    waits()
    await pass(20_000)
    expect(Plug.heard.length).toBe(9)
  })

  it('mutes the matters that ring, for minutes: one that comes after them is heard', async () => {
    const shift = opened()
    waits('a', 'b')
    shift.press()
    await pass(2_000)
    shift.mute()
    Plug.heard = []
    await pass(60_000)
    expect([Plug.heard.length, shift.ringing]).toEqual([0, []])
    waits('a', 'b', 'c')
    await nextTick()
    expect([Plug.heard.length, shift.ringing]).toEqual([3, ['c']])
    waits('a', 'b')
    Plug.heard = []
    await pass(MUTED_MIN * MINUTE)
    expect(Plug.heard.length).toBeGreaterThan(0)
    expect(shift.ringing).toEqual(['a', 'b'])
  })

  it('that the browser keeps silent says so, and is mended by any press, which ends nothing', async () => {
    opened().press()
    await pass(0)
    Plug.forbidden = true
    opened()
    await pass(2_000)
    const shift = useShift()
    expect([shift.on, shift.silent, shift.why]).toEqual([true, true, 'refused'])
    Plug.forbidden = false
    window.dispatchEvent(new Event('pointerdown'))
    await pass(10)
    shift.press() // the click of that press, on the red button
    expect([shift.on, shift.silent]).toEqual([true, false])
    await pass(2_000)
    shift.press()
    expect(shift.on).toBe(false)
  })

  it('notices that its sound was taken away, or that nothing comes out', async () => {
    const made: Plug[] = []
    vi.stubGlobal(
      'AudioContext',
      class extends Plug {
        constructor() {
          super()
          made.push(this)
        }
      },
    )
    const shift = opened()
    shift.press()
    await pass(2_000)
    expect(shift.silent).toBe(false)
    Plug.forbidden = true
    made[0]?.suspend()
    await nextTick()
    expect([shift.silent, shift.why]).toEqual([true, 'refused'])
    Plug.forbidden = false
    shift.wake()
    await pass(10)
    expect(shift.silent).toBe(false)
    Plug.stuck = true
    await pass(11_000)
    expect([shift.silent, shift.why]).toEqual([true, 'none'])
    vi.stubGlobal('AudioContext', undefined) // an old machine
    opened('li').press()
    await pass(2_000)
    expect([useShift().silent, useShift().why]).toEqual([true, 'none'])
  })
})

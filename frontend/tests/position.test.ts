/** A position is of an instant: who walks on is elsewhere, and reports from where he is now. */

import { createApp, defineComponent, h } from 'vue'
import type { App } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { usePosition } from '@/shared/position'

type Took = (position: { coords: { longitude: number; latitude: number; accuracy: number } }) => void
const MINUTE = 60_000

describe('the position of this device', () => {
  let app: App
  let position: ReturnType<typeof usePosition>
  let watches: { took: Took; failed: (error: object) => void; over: boolean }[]

  const found = (longitude: number, accuracy: number): void => {
    watches.at(-1)?.took({ coords: { longitude, latitude: 40, accuracy } })
  }
  const shown = (state: 'visible' | 'hidden'): void => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
    document.dispatchEvent(new Event('visibilitychange'))
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    watches = []
    vi.stubGlobal('isSecureContext', true)
    vi.stubGlobal('navigator', {
      geolocation: {
        watchPosition: (took: Took, failed: (error: object) => void) => watches.push({ took, failed, over: false }) - 1,
        clearWatch: (id: number) => {
          const one = watches[id]
          if (one) one.over = true
        },
      },
    })
    app = createApp(defineComponent({ setup: () => ((position = usePosition()), () => h('i')) }))
    app.mount(document.createElement('div'))
    position.ask()
    found(120, 10)
  })
  afterEach(() => {
    app.unmount()
    vi.useRealTimers()
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })

  it('is sent while it is young, without the instant', async () => {
    expect(await position.told()).toEqual({ lon: 120, lat: 40, accuracy_m: 10, system: 'WGS84' })
    expect(watches).toHaveLength(1)
  })

  it('is asked for anew by whoever comes back after two minutes, and begins with nothing, however small the old circle', async () => {
    vi.advanceTimersByTime(MINUTE)
    shown('visible')
    expect(watches).toHaveLength(1)
    vi.advanceTimersByTime(2 * MINUTE)
    shown('hidden')
    expect(watches).toHaveLength(1)
    shown('visible')
    expect([watches.length, position.fix.value]).toEqual([2, null])
    found(121, 80)
    expect(position.fix.value?.lon).toBe(121)
    const told = position.told()
    vi.advanceTimersByTime(10_000) // no better one comes
    expect(await told).toMatchObject({ lon: 121, accuracy_m: 80 })
  })

  it('is asked for anew before it is sent, and waited for', async () => {
    vi.advanceTimersByTime(3 * MINUTE)
    const told = position.told()
    found(121, 80)
    found(121.5, 20)
    expect(await told).toMatchObject({ lon: 121.5 })
  })

  it('serves for five minutes when nothing newer comes, and never longer', async () => {
    vi.advanceTimersByTime(3 * MINUTE)
    let told = position.told()
    watches.at(-1)?.failed({ code: 3, PERMISSION_DENIED: 1 })
    expect(await told).toMatchObject({ lon: 120 })
    vi.advanceTimersByTime(3 * MINUTE)
    told = position.told()
    vi.advanceTimersByTime(10_000)
    expect([await told, position.fix.value]).toEqual([null, null])
  })

  it('does not come back once it was taken away', () => {
    position.ask()
    position.forget()
    expect([watches.at(-1)?.over, position.seeking.value, position.fix.value]).toEqual([true, false, null])
  })

  it('sends at once what there is, while the first is still sought', async () => {
    position.forget()
    position.ask()
    expect(await position.told()).toBeNull()
  })
})

/** What keeps a wall alive for weeks: it comes back by itself, stays lit, and is heard only where somebody asked for it. */

import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, defineComponent, effectScope, h, nextTick, ref } from 'vue'
import type { App, EffectScope } from 'vue'
import { api } from '@/api/calls'
import { clock } from '@/shared/clock'
import { useLive } from '@/shared/live'
import { useSound } from '@/wall/sound'
import { keepAwake } from '@/shared/awake'
import { useWatchdog } from '@/wall/watchdog'
import { plugIn, Plug } from './plug'

const LOOK = 30_000
const MINUTE = 60_000

describe('the watchdog', () => {
  let ticks = 0
  let app: App
  const reload = vi.fn()
  const asked = vi.spyOn(api, 'thisDevice')

  /** So much time passes; the watchdog looks every half minute. */
  async function pass(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += LOOK) {
      ticks += LOOK
      await vi.advanceTimersByTimeAsync(LOOK)
    }
  }

  beforeEach(() => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    ticks = 0
    vi.spyOn(clock, 'ticks').mockImplementation(() => ticks)
    vi.stubGlobal('location', { ...location, reload })
    reload.mockReset()
    asked.mockReset().mockResolvedValue({} as never)
    app = createApp(defineComponent({ setup: () => (useWatchdog(), () => h('i')) }))
    app.mount(document.createElement('div'))
  })
  afterEach(() => {
    app.unmount()
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('leaves a live wall alone, for as long as it lives', async () => {
    useLive().phase = 'live'
    await pass(60 * MINUTE)
    expect(asked).not.toHaveBeenCalled()
    expect(reload).not.toHaveBeenCalled()
  })

  it('leaves the socket five minutes to come back by itself', async () => {
    const live = useLive()
    live.phase = 'live'
    await pass(MINUTE)
    live.phase = 'waiting'
    await pass(4.5 * MINUTE)
    expect(asked).not.toHaveBeenCalled()
    live.phase = 'live'
    await pass(MINUTE)
    live.phase = 'waiting'
    await pass(4.5 * MINUTE) // five minutes anew
    expect(reload).not.toHaveBeenCalled()
  })

  it('loads the page anew only once the server has answered', async () => {
    useLive().phase = 'waiting'
    asked.mockRejectedValue(new Error('away'))
    await pass(30 * MINUTE)
    expect(asked).toHaveBeenCalled()
    expect(reload).not.toHaveBeenCalled()
    asked.mockResolvedValue({} as never)
    await pass(LOOK)
    expect(reload).toHaveBeenCalledOnce()
  })

  it('waits for no socket while the wall is not paired', async () => {
    useLive().phase = 'idle'
    await pass(60 * MINUTE)
    expect(asked).not.toHaveBeenCalled()
  })

  it('is gone with its page', async () => {
    useLive().phase = 'waiting'
    app.unmount()
    await pass(60 * MINUTE)
    expect(asked).not.toHaveBeenCalled()
  })
})

describe('the screen', () => {
  it('is kept lit, and again each time the page is shown; where it is not, that is known', async () => {
    const request = vi.fn().mockRejectedValueOnce(new Error('the battery is low')).mockResolvedValue({})
    vi.stubGlobal('navigator', { wakeLock: { request } })
    const shown = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible')
    const lit = keepAwake()
    await vi.waitFor(() => {
      expect(lit.value).toBe(false)
    })
    shown.mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(request).toHaveBeenCalledTimes(1)
    shown.mockReturnValue('visible')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(request).toHaveBeenCalledTimes(2)
    await vi.waitFor(() => {
      expect(lit.value).toBe(true)
    })
    vi.stubGlobal('navigator', {}) // without TLS
    expect(keepAwake().value).toBe(false)
    vi.unstubAllGlobals()
  })
})

describe('the screen of a page that rings', () => {
  it('is kept lit as long as it rings', async () => {
    const release = vi.fn().mockResolvedValue(undefined)
    const request = vi.fn().mockResolvedValue({ release })
    vi.stubGlobal('navigator', { wakeLock: { request } })
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible')
    const rings = ref(false)
    const scope = effectScope()
    scope.run(() => keepAwake(() => rings.value))
    expect(request).not.toHaveBeenCalled()
    rings.value = true
    await vi.waitFor(() => {
      expect(request).toHaveBeenCalledTimes(1)
    })
    await nextTick()
    rings.value = false
    await vi.waitFor(() => {
      expect(release).toHaveBeenCalledTimes(1)
    })
    scope.stop()
    vi.unstubAllGlobals()
  })
})

describe('the sound of a wall', () => {
  let scope: EffectScope
  beforeEach(() => {
    vi.useFakeTimers()
    localStorage.clear()
    plugIn()
    scope = effectScope()
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
  const hung = (): ReturnType<typeof useSound> => scope.run(() => useSound()) as ReturnType<typeof useSound>

  it('is off, and asks the browser for nothing, until somebody clicks', () => {
    hung().ring()
    expect([Plug.made, Plug.heard]).toEqual([0, []])
  })

  it('rings two tones at the click, so that one knows, and at each alarm after it', async () => {
    const sound = hung()
    sound.toggle()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(Plug.heard).toEqual([880, 660])
    sound.ring()
    expect([Plug.made, Plug.heard.length]).toEqual([1, 4])
    sound.toggle()
    sound.ring()
    expect([sound.on.value, Plug.heard.length]).toEqual([false, 4])
  })

  it('is on again after a reload, and says so when the browser keeps it silent, until somebody clicks', async () => {
    hung().toggle()
    await vi.advanceTimersByTimeAsync(2_000)
    scope.stop()
    scope = effectScope()
    Plug.forbidden = true
    const sound = hung()
    await vi.advanceTimersByTimeAsync(2_000)
    expect([sound.on.value, sound.hearing.value]).toEqual([true, 'silent'])
    Plug.forbidden = false
    window.dispatchEvent(new Event('pointerdown'))
    await vi.advanceTimersByTimeAsync(10)
    sound.toggle() // the click of the same press
    expect([sound.on.value, sound.hearing.value]).toEqual([true, 'running'])
  })
})

/** What keeps a wall alive for weeks: it comes back by itself, stays lit, and is heard only where somebody asked for it. */

import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, defineComponent, h } from 'vue'
import type { App } from 'vue'
import { api } from '@/api/calls'
import { clock } from '@/shared/clock'
import { useLive } from '@/shared/live'
import { keepAwake, useWatchdog } from '@/wall/watchdog'

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

  it('loads the page anew when the server that comes back has another build, and only then', async () => {
    const page = (name: string): string => `<body><script type="module" src="/static/assets/${name}.js"></script></body>`
    const served = vi.fn().mockImplementation(() => Promise.resolve(new Response(page('wall-1'))))
    vi.stubGlobal('fetch', served)
    const own = vi.spyOn(document, 'querySelector').mockReturnValue({ getAttribute: () => '/static/assets/wall-1.js' } as unknown as Element)
    const live = useLive()
    const cut = async (): Promise<void> => {
      live.phase = 'waiting'
      await pass(LOOK)
      live.phase = 'live'
      await pass(LOOK)
    }
    await cut()
    expect(served).toHaveBeenCalled()
    served.mockRejectedValueOnce(new Error('cut again'))
    await cut()
    served.mockResolvedValueOnce(new Response('', { status: 503 }))
    await cut()
    expect(reload).not.toHaveBeenCalled()
    served.mockImplementation(() => Promise.resolve(new Response(page('wall-2'))))
    await cut()
    expect(reload).toHaveBeenCalledOnce()
    own.mockRestore()
  })

  it('is gone with its page', async () => {
    useLive().phase = 'waiting'
    app.unmount()
    await pass(60 * MINUTE)
    expect(asked).not.toHaveBeenCalled()
  })
})

describe('the screen', () => {
  it('is kept lit, and again each time the page is shown', () => {
    const request = vi.fn().mockRejectedValue(new Error('the battery is low')) // a refusal is no fault of the page
    vi.stubGlobal('navigator', { wakeLock: { request } })
    const shown = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible')
    keepAwake()
    shown.mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(request).toHaveBeenCalledTimes(1)
    shown.mockReturnValue('visible')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(request).toHaveBeenCalledTimes(2)
    vi.unstubAllGlobals()
  })
})

describe('the sound', () => {
  const heard: { hertz: number; at: number }[] = []

  /** What a browser gives, as far as two tones need it. */
  class Speaker {
    static made = 0
    currentTime = 100
    destination = {}
    constructor() {
      Speaker.made += 1
    }
    resume = (): Promise<void> => Promise.resolve()
    createGain = (): object => ({ gain: { value: 1 }, connect: () => undefined })
    createOscillator = (): object => {
      const frequency = { value: 0 }
      return {
        frequency,
        connect: (to: object) => to,
        start: (at: number) => heard.push({ hertz: frequency.value, at }),
        stop: () => undefined,
      }
    }
  }

  beforeEach(() => {
    vi.resetModules()
    vi.stubGlobal('AudioContext', Speaker)
    Speaker.made = 0
    heard.length = 0
  })
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('is off, and asks the browser for nothing, until somebody clicks', async () => {
    const { useSound } = await import('@/wall/sound')
    const sound = useSound()
    sound.ring()
    expect([sound.on.value, Speaker.made, heard.length]).toEqual([false, 0, 0])
  })

  it('rings two tones at the click, so that one knows, and at each alarm after it', async () => {
    const { useSound } = await import('@/wall/sound')
    const sound = useSound()
    sound.toggle()
    await vi.waitFor(() => {
      expect(heard).toEqual([
        { hertz: 880, at: 100 },
        { hertz: 660, at: 100.3 },
      ])
    })
    sound.ring()
    expect([Speaker.made, heard.length]).toEqual([1, 4])
  })

  it('is silent after a second click', async () => {
    const { useSound } = await import('@/wall/sound')
    const sound = useSound()
    sound.toggle()
    await vi.waitFor(() => {
      expect(heard.length).toBe(2)
    })
    sound.toggle()
    sound.ring()
    expect([sound.on.value, heard.length]).toEqual([false, 2])
  })
})

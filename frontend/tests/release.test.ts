/** A newer release is noticed, told, and taken when nobody is busy. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import type { EffectScope } from 'vue'
import { clock } from '@/shared/clock'
import type * as Release from '@/shared/release'

const page = (name: string, style = 'a'): string =>
  `<head><script type="module" src="/static/assets/${name}.js"></script><link rel="stylesheet" href="/static/assets/${style}.css"></head>`

describe('a release', () => {
  const reload = vi.fn()
  const served = vi.fn()
  const live = ref(true)
  let ticks = 0
  let scope: EffectScope
  let release: typeof Release

  async function pass(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += 1_000) {
      ticks += 1_000
      await vi.advanceTimersByTimeAsync(1_000)
    }
  }
  async function cut(): Promise<void> {
    live.value = false
    await nextTick()
    live.value = true
    await nextTick()
    await pass(1_000)
  }
  const serves = (name: string, style?: string): void => {
    served.mockImplementation(() => Promise.resolve(new Response(page(name, style))))
  }

  beforeEach(async () => {
    vi.useFakeTimers()
    vi.resetModules()
    sessionStorage.clear()
    ticks = 0
    vi.spyOn(clock, 'ticks').mockImplementation(() => ticks)
    vi.stubGlobal('location', { ...location, reload, pathname: '/console' })
    vi.stubGlobal('fetch', served)
    reload.mockReset()
    document.head.innerHTML = ''
    const { happyDOM } = window as unknown as { happyDOM: { settings: { handleDisabledFileLoadingAsSuccess: boolean } } }
    happyDOM.settings.handleDisabledFileLoadingAsSuccess = true // nothing is loaded, and nobody complains
    for (const [tag, name, url] of [['script', 'src', '/static/assets/console-1.js'], ['link', 'href', '/static/assets/a.css']] as const) {
      const one = document.createElement(tag)
      one.setAttribute(tag === 'script' ? 'type' : 'rel', tag === 'script' ? 'module' : 'stylesheet')
      one.setAttribute(name, url)
      document.head.append(one)
    }
    serves('console-1')
    release = await import('@/shared/release')
    scope = effectScope()
  })
  afterEach(() => {
    scope.stop()
    document.body.innerHTML = ''
    vi.clearAllTimers()
    vi.useRealTimers()
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })
  const follow = (more: Release.Following = {}): void => {
    scope.run(() => release.followRelease({ back: () => live.value, ...more }))
  }

  it('is asked after when the server is back, and only another one is told', async () => {
    follow()
    await cut()
    expect(served).toHaveBeenCalled()
    served.mockRejectedValueOnce(new Error('cut again'))
    await cut()
    served.mockResolvedValueOnce(new Response('', { status: 503 }))
    await cut()
    expect(release.newer.value).toBe(false)
    serves('console-2')
    await cut()
    expect(release.newer.value).toBe(true)
  })

  it('is another one also when only its styles are', async () => {
    follow()
    serves('console-1', 'b')
    await cut()
    expect(release.newer.value).toBe(true)
  })

  it('is noticed without a cut, too', async () => {
    follow()
    serves('console-2')
    await pass(301_000)
    expect(release.newer.value).toBe(true)
  })

  it('waits for hands, words, dialogs and whatever else is held, and is then taken', async () => {
    follow()
    serves('console-2')
    let held = true
    release.holdRelease(() => held)
    const words = document.createElement('textarea')
    words.value = '写到一半'
    const dialog = document.createElement('dialog')
    dialog.setAttribute('open', '')
    document.body.append(words, dialog)
    await cut()
    await pass(60_000)
    expect(reload).not.toHaveBeenCalled()
    held = false
    await pass(60_000)
    words.value = ''
    await pass(60_000)
    expect(reload).not.toHaveBeenCalled()
    dialog.remove()
    window.dispatchEvent(new Event('keydown'))
    await pass(9_000)
    expect(reload).not.toHaveBeenCalled()
    await pass(9_000)
    expect(reload).toHaveBeenCalledOnce()
  })

  it('is taken at once on a wall, and not over and over when it is not what comes', async () => {
    follow({ quietMs: 0 })
    serves('console-2')
    await cut()
    expect(reload).toHaveBeenCalledOnce()
    await pass(60_000)
    expect(reload).toHaveBeenCalledOnce()
    expect(release.newer.value).toBe(true)
  })
})

/** A part of a screen that does not come says so, can be asked for again, and takes no key meanwhile. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, h, ref } from 'vue'
import type { App, Component, VNode } from 'vue'
import { absentDialogs, lazyPart } from '@/shared/parts'

const Part = ({ name }: { name: string }): VNode => h('p', `here is ${name}`)
Part.props = ['name']

describe('a part', () => {
  const load = vi.fn()
  const close = vi.fn()
  const wanted = ref(true)
  let app: App
  let page: HTMLElement

  function open(dialog = false): void {
    const lazy: Component = lazyPart(load as () => Promise<{ default: typeof Part }>, dialog ? close : undefined)
    page = document.createElement('div')
    app = createApp({ render: () => (wanted.value ? h(lazy, { name: 'it' }) : null) })
    app.mount(page)
  }
  const press = (word: string): void => [...page.querySelectorAll('button')].find((one) => one.textContent === word)?.click()
  const failed = (): boolean => page.querySelector('[data-testid=part-failed]') !== null

  beforeEach(() => {
    vi.useFakeTimers()
    wanted.value = true
    load.mockReset()
    close.mockReset()
  })
  afterEach(() => {
    app.unmount()
    vi.useRealTimers()
  })

  it('is there as soon as it is loaded, with what it was given', async () => {
    load.mockResolvedValue({ default: Part })
    open()
    await vi.advanceTimersByTimeAsync(10)
    expect(page.textContent).toBe('here is it')
  })

  it('that is gone says so, and comes when it is asked for again', async () => {
    load.mockRejectedValue(new Error('404'))
    open()
    await vi.advanceTimersByTimeAsync(500)
    expect(failed()).toBe(true)
    load.mockResolvedValue({ default: Part })
    press('重试')
    await vi.advanceTimersByTimeAsync(10)
    expect(page.textContent).toBe('here is it')
  })

  it('that never answers is one that failed; when it comes after all it is shown', async () => {
    let arrive: (part: { default: typeof Part }) => void = () => undefined
    load.mockReturnValue(new Promise((resolve) => (arrive = resolve)))
    open()
    await vi.advanceTimersByTimeAsync(500)
    expect([failed(), page.querySelector('[data-testid=part-loading]') !== null]).toEqual([false, true])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(failed()).toBe(true)
    arrive({ default: Part })
    await vi.advanceTimersByTimeAsync(10)
    expect(page.textContent).toBe('here is it')
  })

  it('is tried again by itself, and each time that it is wanted', async () => {
    load.mockRejectedValue(new Error('404'))
    open()
    await vi.advanceTimersByTimeAsync(500)
    load.mockClear()
    await vi.advanceTimersByTimeAsync(30_000)
    expect(load).toHaveBeenCalledOnce()
    wanted.value = false
    await vi.advanceTimersByTimeAsync(60_000)
    expect(load).toHaveBeenCalledOnce()
    wanted.value = true
    await vi.advanceTimersByTimeAsync(500)
    expect(load).toHaveBeenCalledTimes(2)
  })

  it('that should be a dialog can be given up, and leaves the keys alone while it is absent', async () => {
    load.mockRejectedValue(new Error('404'))
    open(true)
    await vi.advanceTimersByTimeAsync(500)
    expect(absentDialogs.value).toBe(1)
    press('关闭')
    expect(close).toHaveBeenCalledOnce()
    wanted.value = false
    await vi.advanceTimersByTimeAsync(10)
    expect(absentDialogs.value).toBe(0)
  })
})

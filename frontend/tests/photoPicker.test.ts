/** Photos take a moment to be made small: none is lost in it, none lands elsewhere, none comes back. */

import { createApp, h, nextTick, ref, shallowRef } from 'vue'
import type { App } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import PhotoPicker from '@/shared/components/PhotoPicker.vue'
import * as photo from '@/shared/photo'
import type { Draft } from '@/shared/photo'
import { words } from '@/shared/words/phone'

vi.mock('@/shared/photo', async (actual) => ({ ...(await actual<typeof photo>()), draftOf: vi.fn() }))

describe('the photo picker', () => {
  let app: App
  let page: HTMLElement
  const drafts = shallowRef<Draft[]>([])
  const busy = ref(false)
  let ready: Map<string, (draft: Draft) => void>

  const draft = (key: string): Draft => ({ key, blob: new Blob([key], { type: 'image/jpeg' }), id: null })
  const keys = (): string[] => drafts.value.map((one) => one.key)
  function choose(...names: string[]): void {
    const input = page.querySelector('input') as HTMLInputElement
    Object.defineProperty(input, 'files', { configurable: true, value: names.map((name) => new File([name], name)) })
    input.dispatchEvent(new Event('change'))
  }
  async function prepared(name: string): Promise<void> {
    await vi.waitFor(() => {
      expect(ready.has(name)).toBe(true)
    })
    ready.get(name)?.(draft(name))
    await nextTick()
    await nextTick()
  }

  beforeEach(() => {
    drafts.value = []
    busy.value = false
    ready = new Map()
    vi.mocked(photo.draftOf).mockImplementation((file) => new Promise((done) => ready.set((file as File).name, done)))
    page = document.createElement('div')
    app = createApp({
      render: () =>
        h(PhotoPicker, {
          words: words.report.picker,
          modelValue: drafts.value,
          'onUpdate:modelValue': (now: Draft[]) => (drafts.value = now),
          busy: busy.value,
          'onUpdate:busy': (now: boolean) => (busy.value = now),
        }),
    })
    app.mount(page)
  })
  afterEach(() => {
    app.unmount()
  })

  it('says while it prepares, and gives each photo in its turn', async () => {
    choose('a', 'b')
    await nextTick()
    expect([busy.value, page.textContent?.includes(words.report.picker.preparing)]).toEqual([true, true])
    await prepared('a')
    expect([busy.value, keys()]).toEqual([true, ['a']])
    await prepared('b')
    expect([busy.value, keys()]).toEqual([false, ['a', 'b']])
  })

  it('keeps away what was removed meanwhile', async () => {
    choose('a', 'b')
    await prepared('a')
    page.querySelector<HTMLButtonElement>('li button')?.click()
    await prepared('b')
    expect(keys()).toEqual(['b'])
  })

  it('puts nothing into a form that was emptied meanwhile, nor into one that is gone', async () => {
    choose('a', 'b')
    await prepared('a')
    drafts.value = []
    await nextTick()
    expect(busy.value).toBe(false)
    await prepared('b')
    expect(keys()).toEqual([])
    choose('c')
    app.unmount()
    await prepared('c')
    expect([busy.value, keys()]).toEqual([false, []])
  })

  it('says how many found no room, those in preparation counted', async () => {
    choose(...'abcdefg')
    choose('h', 'i', 'j', 'k')
    await nextTick()
    expect(page.querySelector('[role=alert]')?.textContent).toBe(words.report.picker.leftOut(2, 9))
  })

  it('goes on after a file that is no photo', async () => {
    vi.mocked(photo.draftOf).mockRejectedValueOnce(new photo.NotAPhoto())
    choose('a', 'b')
    await prepared('b')
    expect([keys(), busy.value, page.querySelector('[role=alert]')?.textContent]).toEqual([['b'], false, words.report.picker.fault])
  })
})

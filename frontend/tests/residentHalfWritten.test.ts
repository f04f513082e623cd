/** What an inhabitant has half written: comes back in this tab for a day, and is read by nobody who copies what lies there. */

import { createApp, nextTick } from 'vue'
import type { App, Component } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Matter } from '@/resident/calls'

const DAY_MS = 24 * 3_600_000
const FIELDS = { text: '井盖没了，孩子差点掉下去', item: '', name: '王建国', phone: '13812341234' }
const photo = { key: 'k', blob: new Blob(['abc-of-the-photo'], { type: 'image/png' }), id: 'server' }
const GRID = { code: '330199001001001', grid: '第一网格', place: '', centre: '河湾区综治中心', phone: '', public_url: '', items: [] }
const KEPT = 'relay60.resident.draft'
const keyOf = (sign: string): string => btoa(sign.repeat(32))

/** A page as it is after each reload: nothing of its memory stays, the tab's store does. */
async function page(key: (() => Promise<string>) | null = () => Promise.resolve(keyOf('a'))) {
  vi.resetModules()
  const { api } = await import('@/resident/calls')
  const { Unreachable } = await import('@/api/client')
  const cut = (): Promise<never> => Promise.reject(new Unreachable('cut'))
  vi.spyOn(api, 'pageKey').mockImplementation(key ? async () => ({ key: await key() }) : cut)
  return { api, cut, ...(await import('@/resident/halfWritten')) }
}
const everyByte = (): string => [...Array(sessionStorage.length).keys()].map((at) => sessionStorage.getItem(sessionStorage.key(at) ?? '')).join('\n')

beforeEach(() => {
  sessionStorage.clear()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('what is half written', () => {
  it('comes back with its photos after a reload, for a day', async () => {
    await (await page()).keepHalfWritten('form', FIELDS, [photo], 1000)
    const { halfWritten, draftsOf } = await page()
    const found = await halfWritten<typeof FIELDS>('form', 1000 + DAY_MS)
    expect(found?.fields).toEqual(FIELDS)
    const [back] = found ? draftsOf(found) : []
    expect([back?.key, back?.id, back?.blob.type, await back?.blob.text()]).toEqual(['k', 'server', 'image/png', 'abc-of-the-photo'])
    expect(localStorage.length).toBe(0)
    expect(await halfWritten('form', 1001 + DAY_MS)).toBeNull()
    expect(sessionStorage.length).toBe(0)
  })

  it('is read by nobody who copies it, and opens with no other key, under no other name, and made no younger', async () => {
    await (await page()).keepHalfWritten('form', FIELDS, [photo], 1000)
    const lying = everyByte()
    const bytes = atob((JSON.parse(lying) as { sealed: string }).sealed)
    const clear = [FIELDS.text, FIELDS.name, FIELDS.phone, 'abc-of-the-photo', btoa('abc-of-the-photo')]
    for (const one of clear) for (const where of [lying, bytes]) expect(where).not.toContain(one)
    sessionStorage.setItem('other', lying)
    sessionStorage.setItem('younger', lying.replace('1000', '2000'))
    const same = await page()
    expect([await same.halfWritten('other', 1001), await same.halfWritten('younger', 2001)]).toEqual([null, null])
    const others = await page(() => Promise.resolve(keyOf('b')))
    expect(await others.halfWritten('form', 1001)).toBeNull()
  })

  it('lies on while the server can not be asked, and is not kept in clear: the page is told so', async () => {
    await (await page()).keepHalfWritten('form', FIELDS, [], 1000)
    const away = await page(null)
    expect(await away.halfWritten('form', 1001)).toBeUndefined()
    await away.keepHalfWritten('another', { text: '别的话' }, [], 1001)
    expect([away.keeps.value, sessionStorage.getItem('another')]).toEqual([false, null])
    expect((await (await page()).halfWritten<typeof FIELDS>('form', 1002))?.fields.text).toBe(FIELDS.text)
  })

  it('is not kept where the browser can not seal', async () => {
    vi.stubGlobal('crypto', { ...crypto, subtle: undefined })
    const plain = await page()
    await plain.keepHalfWritten('form', FIELDS, [photo], 1)
    expect([plain.keeps.value, sessionStorage.length]).toEqual([false, 0])
  })

  it('tells how many photos were too large, and keeps the words', async () => {
    const large = { key: 'l', blob: new Blob([new Uint8Array(3_000_000)]), id: null }
    await (await page()).keepHalfWritten('form', FIELDS, [large, photo], 1)
    const found = await (await page()).halfWritten<typeof FIELDS>('form', 2)
    expect([found?.fields.text, found?.lost, found?.photos.length]).toEqual([FIELDS.text, 1, 1])
  })

  it('is gone once it was sent, whatever was being sealed meanwhile; what is written afterwards is kept', async () => {
    const { keepHalfWritten, forgetHalfWritten, halfWritten } = await page()
    const under = keepHalfWritten('form', FIELDS, [photo], 1)
    forgetHalfWritten('form')
    await under
    expect([sessionStorage.length, await halfWritten('form', 2)]).toEqual([0, null])
    await keepHalfWritten('form', { text: '第二件' }, [], 3)
    expect((await halfWritten<{ text: string }>('form', 4))?.fields.text).toBe('第二件')
  })

  it('that an earlier release left in clear is taken over once, and lies in clear no more', async () => {
    sessionStorage.setItem('form', JSON.stringify({ fields: FIELDS, photos: [], lost: 0, at: 1 }))
    const { halfWritten } = await page()
    expect((await halfWritten<typeof FIELDS>('form', 2))?.fields).toEqual(FIELDS)
    expect(sessionStorage.length).toBe(0)
  })
})

describe('a form of the page', () => {
  let app: App | undefined
  let shown: HTMLElement

  async function shows(part: Component, props: Record<string, unknown>): Promise<void> {
    shown = document.createElement('div')
    app = createApp(part, props)
    app.mount(shown)
    await nextTick()
  }
  const field = (): HTMLTextAreaElement => shown.querySelector('textarea') as HTMLTextAreaElement
  async function writes(text: string): Promise<void> {
    field().value = text
    field().dispatchEvent(new Event('input'))
    await nextTick()
  }
  const reload = (): void => {
    app?.unmount()
  }
  afterEach(() => {
    app?.unmount()
    app = undefined
  })
  const form = async (): Promise<Component> => (await import('@/resident/ReportForm.vue')).default

  it('has what was left, before what is being written already, and lets the browser itself keep nothing', async () => {
    await (await page()).keepHalfWritten(KEPT, FIELDS)
    await page()
    await shows(await form(), { grid: GRID })
    await writes('还有一处')
    await vi.waitFor(() => {
      expect(field().value).toBe(`${FIELDS.text}\n还有一处`)
    })
    expect(shown.querySelector('[data-testid=restored]')).not.toBeNull()
    expect(shown.querySelector<HTMLInputElement>('[name=phone]')?.value).toBe(FIELDS.phone)
    expect(shown.querySelector('form')?.getAttribute('autocomplete')).toBe('off')
    expect([...shown.querySelectorAll('input[name]')].map((one) => one.getAttribute('autocomplete'))).toEqual(['off', 'off'])
  })

  it('writes nothing over that it could not open yet, and keeps what is typed though the door is shut by then', async () => {
    await (await page()).keepHalfWritten(KEPT, FIELDS)
    const before = everyByte()
    await page(null)
    await shows(await form(), { grid: GRID })
    await writes('还有一处')
    await vi.waitFor(() => {
      expect(shown.querySelector('[data-testid=fleeting]')).not.toBeNull()
    })
    expect(everyByte()).toBe(before)
    reload()
    sessionStorage.clear()
    const second = await page()
    await shows(await form(), { grid: GRID })
    await vi.waitFor(() => {
      expect(second.api.pageKey).toHaveBeenCalledTimes(1)
    })
    await new Promise((done) => setTimeout(done))
    vi.mocked(second.api.pageKey).mockRejectedValue(new Error('429'))
    await writes('井盖没了')
    await vi.waitFor(() => {
      expect(sessionStorage.length).toBe(1)
    })
  })

  it('says so where what is written ends with it', async () => {
    await page(null)
    await shows(await form(), { grid: GRID })
    expect(shown.querySelector('[data-testid=fleeting]')).toBeNull()
    await writes('井盖没了')
    await vi.waitFor(() => {
      expect(shown.querySelector('[data-testid=fleeting]')?.textContent).toContain('刷新、关闭就没有了')
    })
  })

  it('whose answer was lost is sent again after a reload under its key, and as it was', async () => {
    const first = await page()
    const sent = vi.spyOn(first.api, 'report').mockImplementation(first.cut)
    await shows(await form(), { grid: GRID })
    await writes('井盖没了')
    shown.querySelector('form')?.dispatchEvent(new Event('submit'))
    await vi.waitFor(() => {
      expect(shown.querySelector('[data-testid=resident-send]')?.textContent).toBe('再试一次')
    })
    await nextTick()
    reload()
    const second = await page()
    const again = vi.spyOn(second.api, 'report').mockResolvedValue({ number: '000001', query_code: 'AAAABBBBCCCC', emergency: [] })
    await shows(await form(), { grid: GRID })
    await vi.waitFor(() => {
      expect(shown.querySelector('[data-testid=resident-send]')?.textContent).toBe('再试一次')
    })
    shown.querySelector('form')?.dispatchEvent(new Event('submit'))
    await vi.waitFor(() => {
      expect(again).toHaveBeenCalledTimes(1)
    })
    expect(again.mock.calls).toEqual(sent.mock.calls)
    await vi.waitFor(() => {
      expect([field().value, sessionStorage.length]).toEqual(['', 0])
    })
  })

  it('of a step of a matter comes back, and goes when it is sent', async () => {
    const matter: Matter = {
      number: '000123', item: '1901', item_zh: '路灯不亮', state: 'reported', state_zh: '待受理', reported_at: '2026-11-22T13:05:00Z',
      withdrawn: false, rating: null, replies: [], additions: [], may: ['add'], emergency: [],
    }
    const props = { code: 'AAAABBBBCCCC', matter, at: 0 }
    await page()
    await shows((await import('@/resident/MatterView.vue')).default, props)
    shown.querySelector<HTMLButtonElement>('[data-may=add]')?.click()
    await nextTick()
    await writes('又坏了一盏')
    await vi.waitFor(() => {
      expect(sessionStorage.length).toBe(1)
    })
    expect(everyByte()).not.toContain('又坏了')
    reload()
    const { api } = await page()
    vi.spyOn(api, 'add').mockResolvedValue(matter)
    await shows((await import('@/resident/MatterView.vue')).default, props)
    await vi.waitFor(() => {
      expect(shown.querySelector<HTMLTextAreaElement>('textarea')?.value).toBe('又坏了一盏')
    })
    shown.querySelector('form')?.dispatchEvent(new Event('submit'))
    await vi.waitFor(() => {
      expect(sessionStorage.length).toBe(0)
    })
  })
})

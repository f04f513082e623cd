/** The phone's views themselves: what stands in them when one goes back and comes again. */

import { createPinia, setActivePinia } from 'pinia'
import { createApp, h, KeepAlive, nextTick } from 'vue'
import type { App, Component } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from '@/api/calls'
import { memoryDrawer } from '@/phone/drawer'
import Inbox from '@/phone/liaison/Inbox.vue'
import OrderView from '@/phone/liaison/OrderView.vue'
import OwnView from '@/phone/member/OwnView.vue'
import ReportForm from '@/phone/member/ReportForm.vue'
import { useOutbox } from '@/phone/outbox'
import RefusedStep from '@/phone/RefusedStep.vue'
import { FORMS, useWritten } from '@/phone/written'
import { useObjects } from '@/shared/stores/objects'
import { useSession } from '@/shared/stores/session'
import { settle } from './wire'

const photo = () => ({ key: 'ph1', blob: new Blob(['x'], { type: 'image/jpeg' }), id: null })
const card = { issue: 'i1', number: '000007', item: '0201', level: 'general', state: 'in_handling', unit: 'u1', cell: null, round: 1, rework_count: 0, urgent: false, clocks: [], forwards: [], open: true }
const issue = { version: 4, card: { ...card, clocks: [], responsible: 'u1', state: 'reported' }, open_verbs: ['pass_up', 'settle_on_spot'], reports: [], replies: [], additions: [], photos: [], files: [], timeline: [], orders: [], requests: [], merged: [], escalations: [] }

describe('a view of the phone', () => {
  let app: App | undefined
  let page: HTMLElement

  async function shows(view: Component, props: Record<string, unknown> = {}): Promise<void> {
    app?.unmount()
    page = document.createElement('div')
    app = createApp({ render: () => h(KeepAlive, () => h(view, props)) })
    app.mount(page)
    await settle()
    await nextTick()
  }
  const field = (name: string): HTMLTextAreaElement | null => page.querySelector(`[name=${name}]`)
  async function taps(selector: string): Promise<void> {
    page.querySelector<HTMLElement>(selector)?.click()
    await settle()
    await nextTick()
  }
  async function writes(name: string, text: string): Promise<void> {
    const one = field(name)
    if (!one) throw new Error(`no field ${name}`)
    one.value = text
    one.dispatchEvent(new Event('input'))
    await nextTick()
  }

  beforeEach(async () => {
    sessionStorage.clear()
    vi.stubGlobal('fetch', (url: string) =>
      url.includes('/issues/i1') ? Promise.resolve(new Response(JSON.stringify(issue))) : Promise.reject(new TypeError('offline')),
    )
    setActivePinia(createPinia())
    useSession().session = { person: { id: 'p1', name: '' }, posts: [{ unit: { id: 'u1' } }], verbs: [] } as unknown as Session
    await useOutbox().open('p1', memoryDrawer())
  })
  afterEach(() => {
    app?.unmount()
    app = undefined
    vi.unstubAllGlobals()
  })

  const order = { row: { id: 'o1', version: 3, card, clocks: [], clock: null }, gone: false }

  it('has an answer’s words, photos and documents when one comes again, and begins anew when it is handed in', async () => {
    await shows(OrderView, order)
    await taps('[data-testid=feed-back]')
    await writes('feedback', '井盖已换新')
    useWritten().of(FORMS.answer('o1')).photos = [photo()]
    await shows(OrderView, order)
    expect([field('feedback')?.value, page.querySelectorAll('.answer img').length]).toEqual(['井盖已换新', 1])
    page.querySelector('form')?.dispatchEvent(new Event('submit'))
    await settle()
    await nextTick()
    const [kept] = useOutbox().mine
    expect([kept?.verb, kept?.body.text, kept?.photos.length]).toEqual(['feed_back', '井盖已换新', 1])
    expect([field('feedback'), useWritten().holdsFiles()]).toEqual([null, false])
  })

  it('takes a second tap on what lay there before for nothing', async () => {
    await shows(OrderView, { row: { ...order.row, card: { ...card, state: 'sent' } }, gone: false })
    await taps('[data-testid=acknowledge]')
    expect(page.querySelector<HTMLButtonElement>('[data-testid=start]')?.disabled).toBe(true)
    await taps('[data-testid=start]')
    expect(useOutbox().of('o1').map((entry) => entry.verb)).toEqual(['acknowledge'])
  })

  it('holds an answer while its photos are being prepared', async () => {
    await shows(OrderView, order)
    await taps('[data-testid=feed-back]')
    await writes('feedback', '井盖已换新')
    useWritten().of(FORMS.answer('o1')).preparing = true
    await nextTick()
    expect(page.querySelector<HTMLButtonElement>('.answer [type=submit]')?.disabled).toBe(true)
    page.querySelector('form')?.dispatchEvent(new Event('submit'))
    await settle()
    expect(useOutbox().mine).toEqual([])
  })

  it('has an own issue’s words, and leaves no form open that the server would not take', async () => {
    useWritten().of(FORMS.returning('o1')).open = true
    await shows(OrderView, order)
    expect(field('return-text')).toBeNull()
    await shows(OwnView, { id: 'i1', row: null })
    await taps('[data-act=pass_up]')
    await writes('words', '已劝过两次')
    await shows(OwnView, { id: 'i1', row: null })
    expect(field('words')?.value).toBe('已劝过两次')
  })

  it('says that an order has left only when it has, and not while all is loaded anew', async () => {
    const objects = useObjects()
    const snapshot = { objects: [{ kind: 'order', id: 'o1', version: 3, card: { ...card } }] }
    objects.load(snapshot)
    await shows(Inbox, { open: 'o1' })
    await vi.waitFor(() => {
      expect(page.querySelector('[data-testid=order]')).not.toBeNull()
    })
    const farewell = async (): Promise<boolean> => {
      await nextTick()
      return page.querySelector('[data-testid=farewell]') !== null
    }
    objects.clear()
    expect(await farewell()).toBe(false)
    objects.load(snapshot)
    expect(await farewell()).toBe(false)
    objects.load({ objects: [] })
    expect(await farewell()).toBe(true)
  })

  it('has a report that came back, without the place where it was seen', async () => {
    await shows(ReportForm)
    useWritten().takeUp({ key: 'k', no: 1, person: 'p1', call: 'report', about: 'k', verb: 'report', body: { item: '0201', text: '井盖缺失' }, photos: [photo()], version: null, madeAt: 1 })
    await nextTick()
    expect([field('text')?.value, page.querySelectorAll('.pair img').length]).toEqual(['井盖缺失', 1])
  })

  it('shows what was refused with its words, and what went with them', async () => {
    const entry = { body: { text: '井盖已换新' }, verb: 'feed_back', photos: [photo(), photo()], files: [] }
    const again = vi.fn()
    await shows(RefusedStep, { one: { entry, words: '已由张某反馈。', photo: false }, open: true, onAgain: again })
    for (const said of ['反馈', '已由张某反馈。', '井盖已换新', '照片 2 张']) expect(page.textContent).toContain(said)
    await taps('[data-testid=write-again]')
    expect(again).toHaveBeenCalledTimes(1)
  })
})

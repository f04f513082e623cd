/** What is half written outlives the view it is written in, and is put back when it was not accepted. */

import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from '@/api/calls'
import type { Entry } from '@/phone/drawer'
import { FORMS, useWritten } from '@/phone/written'
import { useKeeper } from '@/shared/keeper/keeper'
import { useSession } from '@/shared/stores/session'
import { lying, memoryShelf, someKey } from './shelf'

const photo = (key: string) => ({ key, blob: new Blob(['x'], { type: 'image/jpeg' }), id: null })
const entry = (more: Partial<Entry>): Entry => ({
  key: 'k1', no: 1, person: 'p1', call: 'order', about: 'o1', verb: 'feed_back', body: {}, photos: [], version: 3, madeAt: 1, ...more,
})

/** As after a reload. */
function opened(person = 'p1') {
  setActivePinia(createPinia())
  useSession().session = { person: { id: person } } as Session
  return useWritten()
}

describe('what is half written', () => {
  beforeEach(() => {
    sessionStorage.clear()
  })

  it('is there when its view is opened again, each form’s by itself, with photos and documents', () => {
    const written = opened()
    const form = written.of(FORMS.answer('o1'))
    form.fields.text = '井盖已换新'
    expect(written.holdsFiles()).toBe(false)
    form.files = [photo('f1')]
    expect(written.of(FORMS.answer('o1'))).toBe(form)
    expect(written.of(FORMS.answer('o2')).fields.text).toBe('')
    expect(written.holdsFiles()).toBe(true)
    written.done(FORMS.answer('o1'))
    expect([form.fields, form.files, written.holdsFiles()]).toEqual([FORMS.answer('o1').blank, [], false])
  })

  it('keeps words, photos and documents over a reload, for the same person only, and opens their form again', async () => {
    const keys = { p1: await someKey(), p2: await someKey() }
    const device = lying()
    async function comes(person: 'p1' | 'p2') {
      vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify({ ...keys[person], kept_days: 7 }))))
      const written = opened(person)
      await useKeeper().open(person, memoryShelf(device))
      return written
    }
    const first = (await comes('p1')).of(FORMS.returning('o1'))
    Object.assign(first.fields, { text: '不归我们管', ground: 'not_ours' })
    first.photos = [photo('a')]
    await useKeeper().written()
    const others = (await comes('p2')).of(FORMS.returning('o1'))
    expect([others.fields.text, others.photos, others.open]).toEqual(['', [], false])
    const again = (await comes('p1')).of(FORMS.returning('o1'))
    expect([again.fields, again.photos.length, again.open]).toEqual([{ text: '不归我们管', ground: 'not_ours', unit: '' }, 1, true])
    useWritten().done(FORMS.returning('o1'))
    await useKeeper().written()
    expect(device.pieces.size).toBe(0)
  })

  it('fills a form that was there before the server gave the key, unless something stands in it by then', async () => {
    const key = await someKey()
    const device = lying()
    let online = true
    vi.stubGlobal('fetch', () => (online ? Promise.resolve(new Response(JSON.stringify({ ...key, kept_days: 7 }))) : Promise.reject(new TypeError('offline'))))
    const before = opened()
    await useKeeper().open('p1', memoryShelf(device))
    for (const order of ['o1', 'o2']) before.of(FORMS.answer(order)).fields.text = `断网前写的 ${order}`
    await useKeeper().written()
    online = false
    const offline = opened()
    await useKeeper().open('p1', memoryShelf(device)).catch(() => undefined)
    const [one, two] = [offline.of(FORMS.answer('o1')), offline.of(FORMS.answer('o2'))]
    two.fields.text = '断网后写的'
    expect(one.fields.text).toBe('')
    online = true
    await useKeeper().unlock()
    await nextTick()
    expect([one.fields.text, two.fields.text]).toEqual(['断网前写的 o1', '断网后写的'])
    const [offer] = useKeeper().offers
    if (offer) offline.resume(offer)
    expect([two.fields.text, useKeeper().offers.length]).toEqual(['断网前写的 o2', 1])
  })

  it('takes a refused step up again, behind what stands in its form by now', () => {
    const written = opened()
    const form = written.of(FORMS.answer('o1'))
    form.fields.text = '已到现场'
    written.takeUp(entry({ body: { result: 'not_found', text: '井盖已换新' }, photos: [photo('a')], files: [photo('b')] }))
    expect([form.fields, form.photos.length, form.files.length, form.open, form.again]).toEqual([{ text: '已到现场\n井盖已换新', result: 'not_found' }, 1, 1, true, true])
  })

  it('finds the form of each step', () => {
    const written = opened()
    written.takeUp(entry({ verb: 'request_return', body: { ground: 'not_ours', text: '请改派' } }))
    written.takeUp(entry({ call: 'issue', about: 'i1', verb: 'refer_emergency', body: { to: '119', at: 'now', answer: '已出警' } }))
    written.takeUp(entry({ call: 'report', about: 'k1', verb: 'report', body: { item: '0201', text: '井盖缺失', position: { lon: 1 } } }))
    expect(written.of(FORMS.returning('o1')).fields).toEqual({ ground: 'not_ours', unit: '', text: '请改派' })
    expect(written.of(FORMS.own('i1', 'refer_emergency')).fields).toEqual({ to: '119', text: '已出警', consent: false })
    expect(written.of(FORMS.report()).fields).toMatchObject({ item: '0201', text: '井盖缺失' })
  })
})

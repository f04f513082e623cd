/** Offline work waits its turn: kept, in order, once; photos first; what follows a report finds its issue. */

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryDrawer } from '@/phone/drawer'
import type { Entry } from '@/phone/drawer'
import { useOutbox } from '@/phone/outbox'
import type { Rejected } from '@/phone/outbox'
import type { Draft } from '@/shared/photo'
import { settle } from './wire'

interface Sent {
  url: string
  key: string | null
  version: string | null
  body: Record<string, unknown> | null
}
const problem = { code: 'order.not_open', title: '冲突', status: 409, detail: '已由张某受理。', remedy: '请刷新。' }
const photo = (): Draft => ({ key: 'ph1', blob: new Blob(['x'], { type: 'image/jpeg' }), id: null })

describe('the outbox of the phone', () => {
  let sent: Sent[]
  let online: boolean
  let refused: (url: string) => boolean
  let refusal: typeof problem
  let kept: Map<string, Entry>
  let signedIn: string | null

  async function opened(person = 'p1') {
    setActivePinia(createPinia()) // as after a reload
    const outbox = useOutbox()
    await outbox.open(person, memoryDrawer(kept))
    await settle()
    return outbox
  }

  beforeEach(() => {
    localStorage.clear()
    sent = []
    online = false
    refused = () => false
    refusal = problem
    kept = new Map()
    signedIn = 'p1'
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      if (url.endsWith('/session')) {
        if (!online) return Promise.reject(new TypeError('offline'))
        const status = signedIn === null ? 401 : 200
        return Promise.resolve(new Response(JSON.stringify({ person: { id: signedIn }, left_s: 86_400 }), { status }))
      }
      const headers = init.headers as Headers
      const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, unknown>) : null
      sent.push({ url, key: headers.get('Idempotency-Key'), version: headers.get('If-Match'), body })
      if (!online) return Promise.reject(new TypeError('offline'))
      if (refused(url)) return Promise.resolve(new Response(JSON.stringify(refusal), { status: 409 }))
      const answer = url.endsWith('/photos')
        ? { id: 'photo-1' }
        : { seq: 9, version: 12, object: { id: url.endsWith('/reports') ? 'i9' : 'o1' }, card: { number: '000007' } }
      return Promise.resolve(new Response(JSON.stringify(answer)))
    })
  })

  const acknowledge = { call: 'order', about: 'o1', verb: 'acknowledge', version: 3 } as const

  it('keeps what could not be sent, across a reload, and sends it with the same key', async () => {
    const outbox = await opened()
    await outbox.add(acknowledge)
    await settle()
    expect(outbox.mine).toHaveLength(1)

    online = true
    const again = await opened()
    await vi.waitFor(() => {
      expect(again.mine).toHaveLength(0)
    })
    expect(new Set(sent.map((one) => one.key)).size).toBe(1)
    expect(kept.size).toBe(0)
  })

  it('gives a later step the version that the earlier one made', async () => {
    const outbox = await opened()
    await outbox.add(acknowledge)
    await outbox.add({ ...acknowledge, verb: 'feed_back', body: { result: 'handled', text: '好' } })
    await settle()
    online = true
    sent = []
    await outbox.flush()
    expect(sent.map((one) => [one.url, one.version])).toEqual([
      ['/api/v1/orders/o1/acknowledge', null],
      ['/api/v1/orders/o1/feed_back', '"12"'],
    ])
  })

  it('sends photos before the report, each once, and what follows finds the issue', async () => {
    const outbox = await opened()
    const key = await outbox.add({ call: 'report', verb: 'report', body: { item: '0201' }, photos: [photo()] })
    await outbox.add({ call: 'issue', about: key ?? '', verb: 'settle_on_spot', body: { consent: true } })
    await settle()
    expect(kept.size).toBe(2)

    online = true
    refused = (url) => url.endsWith('/reports') // the photo goes up, then the line breaks
    const again = await opened()
    await vi.waitFor(() => {
      expect(again.rejected).toHaveLength(1)
    })
    expect([...kept.values()].map((entry) => [entry.verb, entry.refused])).toEqual([['report', '已由张某受理。 请刷新。']])
    expect((await opened()).rejected).toHaveLength(1) // told again after a crash: what was written is not lost
    again.dismiss(again.rejected[0] as Rejected)
    await settle()
    expect(kept.size).toBe(0) // what was built on the refused report went with it

    refused = () => false
    online = false
    const third = await opened()
    const next = await third.add({ call: 'report', verb: 'report', body: { item: '0201' }, photos: [photo()] })
    await third.add({ call: 'issue', about: next ?? '', verb: 'settle_on_spot', body: { consent: true } })
    online = true
    sent = []
    await vi.waitFor(async () => {
      await third.flush()
      expect(third.mine).toHaveLength(0)
    })
    expect(sent.map((one) => [one.url, one.version])).toEqual([
      ['/api/v1/photos', null],
      ['/api/v1/reports', null],
      ['/api/v1/issues/i9/settle_on_spot', '"12"'],
    ])
    expect(sent[1]?.body?.photos).toEqual(['photo-1'])
    expect(third.delivered.map((one) => one.number)).toEqual(['000007', '000007'])
  })

  it('leaves a refused photo out, and says so: what happened matters more', async () => {
    const outbox = await opened()
    await outbox.add({ call: 'report', verb: 'report', body: { item: '0201' }, photos: [photo()] })
    await settle()
    online = true
    refused = (url) => url.endsWith('/photos')
    await outbox.flush()
    expect(outbox.rejected.map((one) => one.photo)).toEqual([true])
    expect(sent.at(-1)?.url).toBe('/api/v1/reports')
    expect(sent.at(-1)?.body).not.toHaveProperty('photos')
  })

  it('shows a refusal and drops what was built on it', async () => {
    const outbox = await opened()
    await outbox.add(acknowledge)
    await outbox.add({ ...acknowledge, verb: 'start' })
    await settle()
    online = true
    refused = () => true
    await outbox.flush()
    expect(outbox.mine).toHaveLength(0)
    expect(outbox.rejected.map((one) => one.words)).toEqual(['已由张某受理。 请刷新。'])
  })

  it('never sends for another person, and takes a doubled tap once', async () => {
    const outbox = await opened()
    await outbox.add(acknowledge)
    expect(await outbox.add(acknowledge)).toBeNull()
    online = true
    sent = []
    await opened('p2')
    expect(sent).toEqual([])
    expect(kept.size).toBe(1)
  })

  it('waits while the session is over or another person’s, and goes on for the same person', async () => {
    const outbox = await opened()
    await outbox.add(acknowledge)
    await settle()
    online = true
    sent = []
    for (const who of [null, 'p2']) {
      signedIn = who
      await outbox.flush()
      expect([sent, outbox.signedOut, outbox.mine.length]).toEqual([[], true, 1])
    }
    signedIn = 'p1'
    await outbox.flush()
    expect([sent.length, outbox.signedOut, outbox.mine.length]).toEqual([1, false, 0])
  })

  it('sends photos anew that the server had thrown away while the report waited', async () => {
    const outbox = await opened()
    const stale = { ...photo(), id: 'photo-0' }
    await outbox.add({ call: 'report', verb: 'report', body: { item: '0201' }, photos: [stale] })
    await settle()
    online = true
    refused = (url) => url.endsWith('/reports') && !sent.some((one) => one.url.endsWith('/photos'))
    refusal = { ...problem, code: 'photo.unknown' }
    sent = []
    await outbox.flush()
    expect(sent.map((one) => [one.url.split('/').pop(), one.body?.photos])).toEqual([
      ['reports', ['photo-0']],
      ['photos', undefined],
      ['reports', ['photo-1']],
    ])
    expect(sent[1]?.key).not.toBe(stale.key) // its old key would give back what is no more
    expect(outbox.rejected).toEqual([])
  })

  it('gives up what waits when the person says so, of this person only', async () => {
    const other = await opened('p2')
    await other.add({ ...acknowledge, about: 'o2' })
    const outbox = await opened()
    await outbox.add(acknowledge)
    await outbox.discard()
    expect([...kept.values()].map((entry) => entry.person)).toEqual(['p2'])
  })

  it('takes over what an earlier release left', async () => {
    const old = [{ key: 'k0', person: 'p1', order: 'o1', verb: 'acknowledge', body: {}, version: null, madeAt: 1 }]
    localStorage.setItem('relay60.outbox', JSON.stringify(old))
    online = true
    await opened()
    expect(sent.map((one) => [one.url, one.key])).toEqual([['/api/v1/orders/o1/acknowledge', 'k0']])
    expect(localStorage.getItem('relay60.outbox')).toBeNull()
  })

  it('says when this browser keeps nothing, and sends all the same', async () => {
    setActivePinia(createPinia())
    const outbox = useOutbox()
    await outbox.open('p1') // no IndexedDB here
    expect(outbox.fragile).toBe(true)
    online = true
    await outbox.add(acknowledge)
    await vi.waitFor(() => {
      expect(outbox.mine).toHaveLength(0)
    })
  })
})

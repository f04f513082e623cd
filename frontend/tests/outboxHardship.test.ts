/** The outbox on a bad day: two tabs, a full phone, a crash between two steps, another person's session, a server's fault. */

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryDrawer, openDrawer } from '@/phone/drawer'
import type { Drawer, Entry } from '@/phone/drawer'
import { useOutbox } from '@/phone/outbox'
import type { Draft } from '@/shared/photo'
import { settle } from './wire'

const photo = (): Draft => ({ key: 'ph1', blob: new Blob(['x'], { type: 'image/jpeg' }), id: null })
const acknowledge = { call: 'order', about: 'o1', verb: 'acknowledge', version: 3 } as const
const start = { call: 'order', about: 'o1', verb: 'start', version: 3 } as const

describe('the outbox on a bad day', () => {
  let sent: { path: string; version: string | null; person: string | null }[]
  let online: boolean
  let broken: (path: string) => boolean
  let kept: Map<string, Entry>

  async function opened(drawer: Drawer = memoryDrawer(kept)) {
    setActivePinia(createPinia())
    const outbox = useOutbox()
    await outbox.open('p1', drawer)
    await settle()
    return outbox
  }
  async function goesOnline(outbox: { flush(): Promise<void> }): Promise<void> {
    await settle()
    online = true
    await outbox.flush()
  }
  const paths = (): string[] => sent.map((one) => one.path)

  beforeEach(() => {
    sent = []
    online = false
    broken = () => false
    kept = new Map()
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      const path = url.replace('/api/v1', '')
      if (!online) return Promise.reject(new TypeError('offline'))
      if (path === '/session') return Promise.resolve(new Response(JSON.stringify({ person: { id: 'p1' } })))
      const headers = init.headers as Headers
      sent.push({ path, version: headers.get('If-Match'), person: headers.get('X-Person') })
      if (broken(path)) return Promise.resolve(new Response('{}', { status: 500 }))
      const object = { id: path.startsWith('/orders/') ? path.split('/')[2] : 'i9' }
      const answer = path === '/photos' ? { id: 'photo-1' } : { seq: 9, version: 12, object, card: { number: '000007' } }
      return Promise.resolve(new Response(JSON.stringify(answer)))
    })
  })

  it('says of each step, each photo, whose it is: the session may become another’s at any instant', async () => {
    const outbox = await opened()
    await outbox.add({ call: 'report', verb: 'report', body: {}, photos: [photo()] })
    await outbox.add(acknowledge)
    await goesOnline(outbox)
    expect(sent.map((one) => one.person)).toEqual(['p1', 'p1', 'p1'])
  })

  it('knows in one tab what another took in, and sends nothing that was given up there', async () => {
    const one = await opened()
    await one.add(acknowledge)
    const other = await opened()
    await one.add({ ...acknowledge, about: 'o2' })
    await vi.waitFor(() => {
      expect(other.mine.map((entry) => entry.about)).toEqual(['o1', 'o2'])
    })
    await one.discard()
    await vi.waitFor(() => {
      expect(other.mine).toEqual([])
    })
    await goesOnline(other)
    expect(sent).toEqual([])
  })

  it('keeps the words when the phone is full of photos, says so, and sends the photos from this page', async () => {
    const small = memoryDrawer(kept)
    const full: Drawer = {
      ...small,
      put: (entry) => (entry.photos.length ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : small.put(entry)),
    }
    const outbox = await opened(full)
    await outbox.add({ call: 'report', verb: 'report', body: { text: '井盖缺失' }, photos: [photo()] })
    await settle()
    expect(outbox.fragile).toBe(true)
    expect([...kept.values()].map((entry) => [entry.body.text, entry.photos])).toEqual([['井盖缺失', []]])
    await goesOnline(outbox)
    expect(paths()).toEqual(['/photos', '/reports'])
    expect([outbox.fragile, kept.size]).toEqual([false, 0])
  })

  it('knows after a crash what an own earlier step has made of the order', async () => {
    const outbox = await opened()
    await outbox.add(acknowledge)
    await outbox.add(start)
    broken = (path) => path.endsWith('/start')
    await goesOnline(outbox)
    expect([...kept.values()].map((entry) => [entry.verb, entry.version])).toEqual([['start', 12]])
    sent = []
    broken = () => false
    await opened()
    await vi.waitFor(() => {
      expect(sent.map((one) => one.version)).toEqual(['"12"'])
    })
  })

  it('names the version seen also when something waits: not every step makes a new one', async () => {
    const outbox = await opened()
    await outbox.add({ ...start, verb: 'request_return' })
    await outbox.add(start)
    broken = (path) => path.endsWith('/request_return')
    await goesOnline(outbox)
    expect(sent.map((one) => one.version)).toEqual(['"3"'])
  })

  it('holds no step up for the fault of another order', async () => {
    const outbox = await opened()
    await outbox.add(acknowledge)
    await outbox.add(start)
    await outbox.add({ ...acknowledge, about: 'o2' })
    broken = (path) => path.startsWith('/orders/o1/')
    await goesOnline(outbox)
    expect(paths()).toEqual(['/orders/o1/acknowledge', '/orders/o2/acknowledge'])
    expect(outbox.mine.map((entry) => entry.verb)).toEqual(['acknowledge', 'start'])
  })

  it('lets an acknowledgment go before somebody’s photos, and each order’s steps in their order', async () => {
    const outbox = await opened()
    await outbox.add({ call: 'report', verb: 'report', body: {}, photos: [photo()] })
    await outbox.add(acknowledge)
    await outbox.add({ ...start, photos: [photo()] })
    await goesOnline(outbox)
    expect(paths()).toEqual(['/orders/o1/acknowledge', '/photos', '/reports', '/photos', '/orders/o1/start'])
  })

  it('leaves out a photo that the phone has removed since, and says so', async () => {
    const outbox = await opened()
    const removed = { ...photo(), blob: Object.assign(new Blob(['x'], { type: 'image/jpeg' }), { slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) }) }
    await outbox.add({ call: 'report', verb: 'report', body: {}, photos: [removed as unknown as Draft] })
    broken = (path) => path === '/photos'
    await goesOnline(outbox)
    expect(outbox.rejected.map((one) => one.photo)).toEqual([true])
    expect(paths()).toEqual(['/photos', '/reports'])
  })

  it('gives back what no network has seen, with what was built on it, and nothing that may have arrived', async () => {
    const outbox = await opened()
    const key = await outbox.add({ call: 'report', verb: 'report', body: {} })
    await outbox.add({ call: 'issue', about: key ?? '', verb: 'settle_on_spot' })
    await outbox.add(acknowledge)
    await settle()
    await outbox.takeBack(outbox.reports[0] as Entry)
    expect([...kept.values()].map((entry) => entry.verb)).toEqual(['acknowledge'])
    broken = () => true
    await goesOnline(outbox)
    await outbox.takeBack(outbox.mine[0] as Entry)
    expect(outbox.mine.map((entry) => entry.verb)).toEqual(['acknowledge'])
  })

  it('asks before the page is closed with what is kept nowhere else, and only then', async () => {
    const outbox = await opened()
    const leaving = (): boolean => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))
    await outbox.add(acknowledge)
    expect(leaving()).toBe(false)
    const nowhere: Drawer = { ...memoryDrawer(), put: () => Promise.reject(new Error('full')) }
    const fragile = await opened(nowhere)
    await fragile.add(acknowledge)
    expect(leaving()).toBe(true)
    await fragile.discard()
    expect(leaving()).toBe(false)
  })

  it('does without a drawer that never opens', async () => {
    vi.useFakeTimers()
    vi.stubGlobal('indexedDB', { open: () => ({}) })
    const opening = openDrawer()
    const ended = expect(opening).rejects.toThrow('IndexedDB')
    await vi.advanceTimersByTimeAsync(10_000)
    await ended
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })
})

/** A step that the server would not have takes nothing with it that a person wrote. */

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { memoryDrawer } from '@/phone/drawer'
import type { Entry } from '@/phone/drawer'
import { useOutbox } from '@/phone/outbox'
import type { Step } from '@/phone/outbox'
import { words } from '@/shared/words/phone'
import { settle } from './wire'

const photo = { key: 'ph1', blob: new Blob(['x'], { type: 'image/jpeg' }), id: 'photo-1' }
const acknowledge = { call: 'order', about: 'o1', verb: 'acknowledge', version: 3 } as const
const start = { ...acknowledge, verb: 'start' } as const
const answer: Step = { ...acknowledge, verb: 'feed_back', body: { result: 'handled', text: '井盖已换新' }, photos: [photo] }

describe('what was written behind a refused step', () => {
  let sent: { path: string; version: string | null }[]
  let online: boolean
  let refused: (path: string) => boolean
  let order: { version: number; card: Record<string, unknown> } | null | 'unreachable'
  let kept: Map<string, Entry>

  async function opened() {
    setActivePinia(createPinia())
    const outbox = useOutbox()
    await outbox.open('p1', memoryDrawer(kept))
    await settle()
    return outbox
  }
  async function offline(...steps: Step[]) {
    const outbox = await opened()
    for (const step of steps) await outbox.add({ ...step, photos: [...(step.photos ?? [])] })
    await settle()
    online = true
    return outbox
  }

  beforeEach(() => {
    sent = []
    online = false
    order = { version: 5, card: { state: 'acknowledged', rework_count: 0 } }
    refused = (path) => path.endsWith('/acknowledge')
    kept = new Map()
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      const path = url.replace('/api/v1', '')
      if (!online) return Promise.reject(new TypeError('offline'))
      if (path === '/session') return Promise.resolve(new Response(JSON.stringify({ person: { id: 'p1' } })))
      if (path.startsWith('/objects/order/')) {
        if (order === 'unreachable') return Promise.reject(new TypeError('cut'))
        return Promise.resolve(new Response(JSON.stringify(order ?? { status: 404 }), { status: order ? 200 : 404 }))
      }
      sent.push({ path, version: new Headers(init.headers).get('If-Match') })
      if (refused(path)) return Promise.resolve(new Response(JSON.stringify({ detail: '已由张某签收。' }), { status: 409 }))
      const object = { id: path.startsWith('/orders/') ? 'o1' : 'i9' }
      return Promise.resolve(new Response(JSON.stringify({ seq: 9, version: 12, object, card: { number: '000007' } })))
    })
  })

  it('goes by itself when a colleague was first, against the order as it is now', async () => {
    const outbox = await offline(acknowledge, start, answer)
    await outbox.flush()
    expect(sent).toEqual([
      { path: '/orders/o1/acknowledge', version: null },
      { path: '/orders/o1/feed_back', version: '"5"' },
    ])
    expect(outbox.rejected.map(({ entry }) => entry.verb)).toEqual(['acknowledge']) // the start had no words
    expect([outbox.mine.length, kept.size]).toEqual([0, 1])
  })

  it('is shown with its words and photos when it is refused too, also after a crash', async () => {
    refused = () => true
    const outbox = await offline(acknowledge, answer)
    await outbox.flush()
    const again = await opened()
    for (const one of [outbox, again]) {
      const last = one.rejected.at(-1)
      expect([last?.entry.body.text, last?.entry.photos.length, last?.words]).toEqual(['井盖已换新', 1, '已由张某签收。'])
    }
  })

  it('is judged by what was seen when the order was sent back meanwhile: that asks for another answer', async () => {
    order = { version: 9, card: { state: 'in_handling', rework_count: 1 } }
    const outbox = await offline(acknowledge, answer)
    await outbox.flush()
    expect(sent.at(-1)).toEqual({ path: '/orders/o1/feed_back', version: '"3"' })
  })

  it('goes all the same when the order can’t be seen, and waits when nothing can', async () => {
    order = 'unreachable'
    const outbox = await offline(acknowledge, answer)
    await outbox.flush()
    expect(outbox.mine.map((entry) => entry.verb)).toEqual(['acknowledge', 'feed_back'])
    order = null
    await outbox.flush()
    expect(sent.at(-1)?.path).toBe('/orders/o1/feed_back')
  })

  it('stays when it was about a report that was refused: nothing could take it', async () => {
    refused = (path) => path === '/reports'
    const outbox = await opened()
    const key = await outbox.add({ call: 'report', verb: 'report', body: { item: '0201', text: '两家争吵' } })
    await outbox.add({ call: 'issue', about: key ?? '', verb: 'settle_on_spot', body: { text: '已劝和', consent: true } })
    await settle()
    online = true
    await outbox.flush()
    expect(outbox.rejected.map((one) => [one.entry.body.text, one.words])).toEqual([
      ['两家争吵', '已由张某签收。'],
      ['已劝和', words.builtOn],
    ])
    expect([outbox.mine.length, kept.size, sent.length]).toEqual([0, 2, 1])
  })
})

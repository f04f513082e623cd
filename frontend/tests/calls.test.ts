/** Which calls ring for whom: those that name one of this person's posts, until somebody has answered. */

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp, nextTick } from 'vue'
import type { CallCard } from '@/api/cards'
import { api } from '@/api/calls'
import CallBand from '@/shared/components/CallBand.vue'
import { useObjects } from '@/shared/stores/objects'
import { useSession } from '@/shared/stores/session'
import { byMatter, ringingFor } from '@/shared/stores/calls'

const card = (more: Partial<CallCard> = {}): CallCard => ({
  answered_at: null,
  answered_by: null,
  at: '2026-11-30T03:00:00.000000Z',
  ended_at: null,
  escalation: null,
  exercise: false,
  into: null,
  issue: 'i1',
  kind: 'new_order',
  message: null,
  next_at: '2026-11-30T03:10:00.000000Z',
  number: '000123',
  open: true,
  order: 'o1',
  posts: ['p1', 'p2'],
  rank: 'liaison',
  request: null,
  rung: 1,
  state: 'open',
  unit: 'u1',
  ...more,
})

describe('what rings', () => {
  it('is what names one of my posts and nobody has answered, the first first', () => {
    const rows = [
      { id: 'later', card: card({ at: '2026-11-30T03:05:00.000000Z' }) },
      { id: 'first', card: card() },
      { id: 'others', card: card({ posts: ['p9'] }) },
      { id: 'listed', card: card({ state: 'listed' }) },
    ]
    expect(ringingFor(rows, new Set(['p2'])).map((one) => one.id)).toEqual(['first', 'later'])
    expect(ringingFor(rows, new Set())).toEqual([])
  })
})

describe('one matter', () => {
  it('is one line, however many calls ring for it', () => {
    const rows = ringingFor(
      [
        { id: 'late', card: card({ at: '2026-11-30T03:05:00.000000Z', kind: 'ladder_step' as never }) },
        { id: 'order', card: card() },
        { id: 'other', card: card({ issue: 'i2', at: '2026-11-30T03:02:00.000000Z' }) },
      ],
      new Set(['p1']),
    )
    expect(byMatter(rows).map(({ first, calls }) => [first.id, calls.map((one) => one.id)])).toEqual([
      ['order', ['order', 'late']],
      ['other', ['other']],
    ])
  })

  it('are one line for all answers that waited for their verification overnight', () => {
    const waiting = ['a', 'b'].map((id) => ({ id, card: card({ issue: id, kind: 'verification' }) }))
    const rows = ringingFor([...waiting, { id: 'order', card: card({ issue: 'a' }) }], new Set(['p1']))
    expect(byMatter(rows).map(({ calls }) => calls.map((one) => one.id))).toEqual([['a', 'b'], ['order']])
  })
})

describe('the band', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
  })

  it('has a line for each call, says what is an exercise, and is gone when somebody answered', async () => {
    vi.stubGlobal('AudioContext', undefined)
    const pinia = createPinia()
    setActivePinia(pinia)
    const objects = useObjects()
    useSession().session = { posts: [{ id: 'p1', role: 'liaison' }] } as never
    const root = document.createElement('div')
    const app = createApp(CallBand).use(pinia)
    app.mount(root)
    expect(root.querySelector('[data-testid=calls]')).toBeNull()
    objects.load({
      objects: [
        { kind: 'call', id: 'a', version: 1, card: card() as never },
        { kind: 'call', id: 'b', version: 1, card: card({ exercise: true, number: '000124', issue: 'i2' }) as never },
      ],
    })
    await nextTick()
    expect(root.querySelectorAll('[data-call]')).toHaveLength(2)
    expect(root.textContent).toContain('新派遣单 000123')
    expect(root.querySelector('[data-call=b]')?.textContent).toContain('演练')
    objects.load({
      objects: [
        { kind: 'call', id: 'a', version: 1, card: card() as never },
        { kind: 'call', id: 'c', version: 1, card: card({ kind: 'urgent_report', at: '2026-11-30T03:01:00.000000Z' }) as never },
      ],
    })
    await nextTick()
    expect(root.querySelector('h2')?.textContent).toBe('叫应，请应答')
    const answered = vi.spyOn(api, 'answerCall').mockResolvedValue({} as never)
    root.querySelector<HTMLElement>("[data-call~='a'] [data-testid=answer]")?.click()
    await vi.waitFor(() => {
      expect(answered.mock.calls.map(([id]) => id)).toEqual(['a', 'c'])
    })
    objects.load({ objects: [] })
    await nextTick()
    expect(root.querySelector('[data-testid=calls]')).toBeNull()
    app.unmount()
    vi.unstubAllGlobals()
  })
})

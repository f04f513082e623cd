/** What a phone keeps to open with: nothing of a sensitive item. */

import { describe, expect, it } from 'vitest'
import { least } from '@/phone/kept'
import type { Kept } from '@/phone/kept'

const all = {
  at: 1,
  reference: { catalogue: [{ code: '0101', sensitive: true }, { code: '0201', sensitive: false }] },
  orders: [{ id: 'a', card: { item: '0101' } }, { id: 'b', card: { item: '0201' } }],
  own: [{ issue: 'c', item: '0101' }, { issue: 'd', item: '0201' }],
} as unknown as Kept

describe('the last list of the phone', () => {
  it('leaves out what is sensitive: a phone may be lost', () => {
    const kept = least(all)
    expect([kept.orders.map((one) => one.id), kept.own.map((one) => one.issue)]).toEqual([['b'], ['d']])
  })
})

/** The menu behind "." has every verb of the moment: of the issue, its orders, its requests, its reports. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { IssueDetail } from '@/api/calls'
import { ISSUE_VERBS, ORDER_VERBS } from '@/api/words'
import { menuOf } from '@/console/menu'
import { MERGES_INTO } from '@/shared/verbs'
import { VERBS } from '@/shared/words/domain'

/** What the server may offer, as its state tables name it. */
const DERIVED = new Set(['feed_back', 'lose_lead', 'archive'])
const OF_ISSUE = Object.keys(ISSUE_VERBS).filter((verb) => !DERIVED.has(verb))
const BY_THE_ISSUE = new Set(['complete', 'rework', 'grant_return', 'message'])
const OF_ORDER = Object.keys(ORDER_VERBS).filter((verb) => !BY_THE_ISSUE.has(verb))

const ORDER = { id: 'order', card: { unit: 'chengguan' }, open_verbs: OF_ORDER, backfill_verbs: ['start'] }
const REQUEST = { id: 'request', card: { from_unit: 'chengguan' }, open_verbs: ['grant', 'compel'] }
const DETAIL = {
  open_verbs: OF_ISSUE,
  orders: [ORDER, { ...ORDER, id: 'assist', open_verbs: ['recall'], backfill_verbs: [] }],
  requests: [REQUEST, { ...REQUEST, id: 'ruled', open_verbs: [] }],
  reports: [{ id: 'r1' }, { id: 'r2' }],
  answers: true,
  reveals: true,
} as unknown as IssueDetail

it('lists all that is offered, each once', () => {
  expect(OF_ISSUE).toContain('refer_emergency')
  expect(OF_ORDER).toContain('recall')
  const menu = menuOf(DETAIL, { may: () => true, masked: true, placeless: true })
  const of = (kind: string): string[] => menu.filter((one) => one.kind === kind).map((one) => ('offer' in one ? one.offer.verb : 'step' in one ? one.step.verb : 'verb' in one ? one.verb : one.kind))
  expect(of('step').sort()).toEqual([...OF_ISSUE].sort())
  expect(of('order').sort()).toEqual([...OF_ORDER, 'recall'].sort())
  expect(of('request')).toEqual(['grant', 'compel'])
  expect([of('reply').length, of('reveal').length, of('place').length]).toEqual([2, 1, 1])
  expect(of('paper')).toEqual(['accept', 'file', 'dispatch', 'start'])
  expect(menu.at(-1)?.kind).toBe('paper')
  expect([...OF_ISSUE, ...OF_ORDER, 'grant', 'compel'].filter((verb) => !(verb in VERBS))).toEqual([])
})

it('lists nothing that is not offered', () => {
  const nothing = { open_verbs: [], orders: [{ ...ORDER, open_verbs: [] }], requests: [], reports: [{ id: 'r1' }], answers: false, reveals: false } as unknown as IssueDetail
  expect(menuOf(nothing, { may: () => false, masked: true, placeless: true })).toEqual([])
})

it('lets one choose as a merge\'s target what the server takes: its own table, and what was only reported', () => {
  const source = readFileSync('../dispatch/matter/issues/states.py', 'utf8')
  const table = /TARGETS: Final = frozenset\(\{([^}]*)\}/.exec(source)?.[1] ?? ''
  const taken = [...table.matchAll(/State\.(\w+)/g)].map((found) => (found[1] ?? '').toLowerCase())
  expect(taken.length).toBe(4)
  expect([...MERGES_INTO].sort()).toEqual([...taken, 'reported'].sort())
})

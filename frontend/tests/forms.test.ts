/** What a verb's form asks for, as it follows from what it is about. */

import { describe, expect, it } from 'vitest'
import { BACKFILL, FORMS, lacks } from '@/console/forms'
import type { Subject } from '@/console/forms'
import { paperOf } from '@/shared/paper'
import { paperOffersOf } from '@/shared/verbs'

const about = (reports: Subject['reports']): Subject => ({
  detail: null,
  nameOf: (unit) => unit,
  takers: [],
  reports,
  units: [],
  suggested: null,
  grounds: [],
  outcomes: [],
  point: null,
  today: '2026-11-22',
  minute: '2026-11-22T21:05',
})
const ONE = { code: 'a', name: '000001 热线 09:00' }
const OTHER = { code: 'b', name: '000002 窗口 09:05' }

describe('the withdrawal', () => {
  const { fields, body } = FORMS.withdraw

  it('asks nothing but why where one person reported', () => {
    expect(fields({}, about([ONE])).map((field) => field.name)).toEqual(['reason'])
    expect(body({ reason: '已和好 ' }, about([ONE]))).toEqual({ reason: '已和好' })
  })

  it('asks who, where several told of the matter: one does not withdraw for the others', () => {
    expect(fields({}, about([ONE, OTHER])).filter((field) => field.needed).map((field) => field.name)).toEqual(['report', 'reason'])
    expect(body({ report: 'b', reason: '已和好' }, about([ONE, OTHER]))).toEqual({ report: 'b', reason: '已和好' })
  })

  it('names the one that is left, where the own reporter has withdrawn before', () => {
    const detail = { reports: [{ id: 'a' }] } as never
    expect(body({ reason: '已和好' }, { ...about([OTHER]), detail })).toEqual({ reason: '已和好', report: 'b' })
    expect(body({ reason: '已和好' }, { ...about([ONE]), detail })).toEqual({ reason: '已和好' })
  })
})

describe('the feedback', () => {
  const { fields, initial, body } = FORMS.feed_back

  it('takes photos and documents beside the words, as the phone does', () => {
    expect(fields({}, about([])).map((field) => field.kind)).toEqual(['choice', 'text', 'photos', 'files'])
    expect(initial?.(about([]))).toEqual({ result: 'handled', photos: [], files: [] })
    expect(body({ result: 'handled', text: ' 已修好 ', photos: [], files: [] }, about([]))).toEqual({ result: 'handled', text: '已修好' })
  })
})

describe('the backfill', () => {
  it('needs the minute on paper and a listed ground', () => {
    expect(BACKFILL.fields.filter((field) => lacks(field, {})).map((field) => field.name)).toEqual(['happenedAt', 'outage'])
    const values = { happenedAt: '2026-11-22T10:20', outage: 'power_cut' }
    expect(BACKFILL.fields.some((field) => lacks(field, values))).toBe(false)
    expect(BACKFILL.body(values)).toEqual({ happened_at: '2026-11-22T10:20:00+08:00', ground: 'power_cut' })
  })

  it('offers the steps that are open, the issue before its orders, and no other verb', () => {
    const order = { id: 'o', card: { unit: 'u' }, backfill_verbs: ['start', 'feed_back'] }
    expect(paperOffersOf(['accept', 'decline', 'merge'], []).map(({ verb }) => verb)).toEqual(['accept'])
    expect(paperOffersOf(['amend'], [order])).toEqual([
      { verb: 'feed_back', order: { id: 'o', unit: 'u' } },
      { verb: 'start', order: { id: 'o', unit: 'u' } },
    ])
  })

  it('is read from the body of a fact', () => {
    const paper = { verb: 'accept', happened_at: '2026-11-22T02:20:00.000000Z', ground: 'power_cut' }
    expect(paperOf({ backfill: paper })).toEqual({ happenedAt: paper.happened_at, ground: 'power_cut' })
    expect(paperOf({})).toBeNull()
  })
})

describe('the named receivers', () => {
  const values = { unit: 'u1', assists: ['u2', 'u1'], receivers: { u1: 'p1', u2: 'p2', u9: 'p9' } }
  const units = (verb: 'dispatch' | 'redispatch' | 'add_assist' | 'forward', given: Record<string, unknown>): unknown =>
    FORMS[verb].fields(given, about([])).find((field) => field.kind === 'receivers')

  it('can be one of each unit that is sent something, and of no other', () => {
    expect(units('dispatch', values)).toMatchObject({ units: ['u1', 'u2'] })
    expect(FORMS.dispatch.body(values, about([]))).toMatchObject({ receivers: ['p1', 'p2'] })
    expect(units('redispatch', values)).toMatchObject({ units: ['u1'] })
    expect(FORMS.redispatch.body(values, about([]))).toMatchObject({ receivers: ['p1'] })
    expect(FORMS.add_assist.body({ units: ['u2'], receivers: { u2: 'p2', u1: 'p1' } }, about([]))).toEqual({ units: ['u2'], receivers: ['p2'] })
    expect(FORMS.forward.body({ taker: 'u2', receivers: { u2: 'p2' } }, about([]))).toEqual({ taker: 'u2', receivers: ['p2'] })
  })

  it('need not be: then who is on duty is called', () => {
    expect(units('dispatch', {})).toMatchObject({ units: [] })
    expect(FORMS.dispatch.body({ unit: 'u1', assists: [] }, about([]))).toMatchObject({ receivers: [] })
    expect(FORMS.forward.body({ taker: 'u2' }, about([]))).toEqual({ taker: 'u2', receivers: [] })
    expect(FORMS.add_assist.fields({ units: ['u2'] }, about([])).filter((field) => lacks(field, { units: ['u2'] }))).toEqual([])
  })
})

/** A week of a roster as a grid, and what a form asks for. Source: docs/rules.md, "Duty". */

import { describe, expect, it } from 'vitest'
import { changeOf, chipsOf, dayAfter, minutesOf, mondayOf, spansOn, today, weekFrom, weekLater } from '@/admin/rosters'
import type { Roster, ShiftForm } from '@/admin/rosters'

const A = 'a'
const roster = (more: Partial<Roster>): Roster => ({
  unit: 'u', version: 1, kept: true, at: '2026-12-01T00:00:00Z', members: [], weekly: [], dated: [], own_days: [], spells: [], gaps: [], uncovered: [], ...more,
})
const form = (more: Partial<ShiftForm>): ShiftForm => ({
  weekly: true, posts: [A], days: [0], date: '2026-12-01', from: '08:30', to: '17:30', next: false, kind: 'rotating', ...more,
})

describe('days', () => {
  it('are local, and weeks begin on Monday', () => {
    expect(today(Date.parse('2026-11-30T16:30:00Z'))).toBe('2026-12-01')
    expect(mondayOf('2026-12-06')).toBe('2026-11-30')
    expect(mondayOf('2026-11-30')).toBe('2026-11-30')
    expect(weekFrom('2026-12-28').at(-1)).toBe('2027-01-03')
    expect(dayAfter('2028-02-28', 1)).toBe('2028-02-29')
  })
})

describe('a week', () => {
  it('has each weekly shift on its day, over midnight too, and strikes it on a day of its own', () => {
    const night = { id: 'w', post: A, weekday: 1, from_min: 1200, minutes: 720, kind: 'rotating' }
    const weekly = [night]
    expect(chipsOf(roster({ weekly }), A, '2026-12-01')).toMatchObject([{ text: '20:00–次日08:00', off: false }])
    expect(chipsOf(roster({ weekly }), A, '2026-12-02')).toEqual([])
    expect(chipsOf(roster({ weekly }), 'b', '2026-12-01')).toEqual([])
    expect(chipsOf(roster({ weekly, own_days: ['2026-12-01'] }), A, '2026-12-01')).toMatchObject([{ off: true }])
    const whole = [{ ...night, from_min: 0, minutes: 1440 }]
    expect(chipsOf(roster({ weekly: whole }), A, '2026-12-01')).toMatchObject([{ text: '00:00–24:00' }])
  })
  it('has a dated shift where it begins, an absence on each day that it touches', () => {
    const dated = [
      { id: 'd', post: A, starts_at: '2026-12-01T14:00:00Z', ends_at: '2026-12-01T22:00:00Z', kind: 'on_call' },
      { id: 'x', post: A, starts_at: '2026-12-02T02:00:00Z', ends_at: '2026-12-04T02:00:00Z', kind: null },
    ]
    const on = (day: string): string[] => chipsOf(roster({ dated }), A, day).map((one) => one.text)
    expect(on('2026-12-01')).toEqual(['22:00–次日06:00'])
    expect(on('2026-12-02')).toEqual(['缺勤 10:00–24:00'])
    expect(on('2026-12-03')).toEqual(['缺勤 全天'])
    expect(on('2026-12-04')).toEqual(['缺勤 00:00–10:00'])
  })
  it('says of a gap what lies on the day', () => {
    const gaps = [{ start: '2026-12-01T09:30:00Z', end: '2026-12-02T00:30:00Z' }]
    expect(spansOn(gaps, '2026-12-01')).toEqual(['17:30–24:00'])
    expect(spansOn(gaps, '2026-12-02')).toEqual(['00:00–08:30'])
    expect(spansOn(gaps, '2026-12-03')).toEqual([])
  })
})

describe('a form', () => {
  it('makes a line for each post and day', () => {
    const asked = changeOf(form({ posts: ['a', 'b'], days: [0, 6], from: '20:00', to: '08:00', next: true }), null)
    expect(asked.remove).toEqual([])
    expect(asked.weekly).toHaveLength(4)
    expect(asked.weekly?.[0]).toEqual({ post: 'a', weekday: 0, from_min: 1200, minutes: 720, kind: 'rotating' })
  })
  it('counts minutes as the server will judge them', () => {
    expect(minutesOf(form({ from: '08:00', to: '08:00', next: true }))).toBe(1440)
    expect(minutesOf(form({ from: '08:00', to: '08:00' }))).toBe(0)
    expect(minutesOf(form({ from: '08:00', to: '14:00', next: true }))).toBe(1800)
  })
  it('puts a changed line in place of the one that was', () => {
    expect(changeOf(form({ weekly: false, to: '06:00', from: '22:00', next: true, date: '2026-12-31' }), 'old')).toEqual({
      remove: ['old'],
      dated: [{ post: A, starts_at: '2026-12-31T22:00:00+08:00', ends_at: '2027-01-01T06:00:00+08:00', kind: 'rotating' }],
    })
  })
  it('copies dated shifts by a week, and no absence', () => {
    const dated = [
      { id: 'd', post: A, starts_at: '2026-12-01T14:00:00Z', ends_at: '2026-12-01T22:00:00Z', kind: 'on_call' },
      { id: 'before', post: A, starts_at: '2026-11-29T14:00:00Z', ends_at: '2026-11-29T22:00:00Z', kind: 'on_call' },
      { id: 'x', post: A, starts_at: '2026-12-02T02:00:00Z', ends_at: '2026-12-04T02:00:00Z', kind: null },
    ]
    expect(weekLater(roster({ dated }), '2026-11-30')).toEqual([
      { post: A, starts_at: '2026-12-08T14:00:00.000Z', ends_at: '2026-12-08T22:00:00.000Z', kind: 'on_call' },
    ])
  })
})

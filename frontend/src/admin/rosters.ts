/** A unit's roster: what is asked of the server, and a week of it as a grid. Days are `2026-12-01`, local. */

import { request } from '@/api/client'
import type { Answer } from '@/api/calls'
import type { components } from '@/api/schema'
import type { Stationing } from '@/shared/words/domain'
import { clockTime, dayOf, localMinute } from '@/shared/words/format'
import { duty as words } from '@/shared/words/duty'

type Schemas = components['schemas']
export type Roster = Schemas['RosterOut']
export type WeeklyLine = Schemas['WeeklyOut']
export type DatedLine = Schemas['DatedOut']
export type Span = Schemas['SpanOut']
export type RosterChange = Partial<Schemas['RosterIn']>

const DAY_MS = 86_400_000
const DAY_MIN = 1440
const two = (n: number): string => String(n).padStart(2, '0')

export const readRoster = async (unit: string, first: string): Promise<Roster> =>
  (await request<Roster>('GET', `/units/${unit}/roster?first=${first}&days=7`)).data

export const changeRoster = async (unit: string, change: RosterChange, key: string, version: number): Promise<Answer> =>
  (await request<Answer>('POST', `/units/${unit}/roster`, { body: change, key, version })).data

/** All units' rosters of a week, as a spreadsheet. */
export const exportOf = (first: string): string => `/api/v1/admin/rosters/export?first=${first}&days=7`

export const dayAfter = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
/** 0 Monday. */
export const weekdayOf = (day: string): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
export const mondayOf = (day: string): string => dayAfter(day, -weekdayOf(day))
export const today = (now: number): string => localMinute(now).slice(0, 10)
export const weekFrom = (first: string): string[] => Array.from({ length: 7 }, (_, n) => dayAfter(first, n))
/** The instant of a local day and clock: `08:30`. */
export const instant = (day: string, clock: string): string => `${day}T${clock}:00+08:00`
const localDay = (at: string | number): string => dayOf(at).replaceAll('/', '-')
const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
export const clockOf = (minute: number): string => `${two(Math.floor((minute % DAY_MIN) / 60))}:${two(minute % 60)}`

/** Something that stands in a cell of the grid. `off`: a weekly shift on a day on which none begins. */
export interface Chip {
  id: string
  text: string
  kind: string | null
  line: { weekly: WeeklyLine } | { dated: DatedLine }
  off: boolean
}

/** What of a roster stands at a post on a day: weekly shifts that begin, dated shifts that begin, absences that touch it. */
export function chipsOf(roster: Roster, post: string, day: string): Chip[] {
  const off = roster.own_days.includes(day)
  const weekly = roster.weekly
    .filter((one) => one.post === post && one.weekday === weekdayOf(day))
    .map((one) => ({ id: one.id, text: weeklyText(one), kind: one.kind, line: { weekly: one }, off }))
  const dated = roster.dated
    .filter((one) => one.post === post && (one.kind === null ? touches(one, day) : localDay(one.starts_at) === day))
    .map((one) => ({ id: one.id, text: one.kind === null ? `${words.absent} ${spanOn(one.starts_at, one.ends_at, day)}` : datedText(one), kind: one.kind, line: { dated: one }, off: false }))
  return [...weekly, ...dated]
}

/** What of some spans lies on a day, in words. */
export const spansOn = (spans: readonly Span[], day: string): string[] =>
  spans.filter((one) => touches({ starts_at: one.start, ends_at: one.end }, day)).map((one) => spanOn(one.start, one.end, day))

/** `08:00–17:00`, `20:00–次日08:00`. */
export function weeklyText(one: WeeklyLine): string {
  const end = one.from_min + one.minutes
  return `${clockOf(one.from_min)}–${end < DAY_MIN ? clockOf(end) : end === DAY_MIN ? '24:00' : words.untilNextDay(clockOf(end))}`
}
function datedText(one: DatedLine): string {
  const same = localDay(one.starts_at) === localDay(one.ends_at)
  return `${clockTime(one.starts_at)}–${same ? clockTime(one.ends_at) : words.untilNextDay(clockTime(one.ends_at))}`
}
const touches = (one: { starts_at: string; ends_at: string }, day: string): boolean =>
  Date.parse(one.starts_at) < Date.parse(instant(dayAfter(day, 1), '00:00')) && Date.parse(one.ends_at) > Date.parse(instant(day, '00:00'))
function spanOn(start: string, end: string, day: string): string {
  const from = localDay(start) < day ? '00:00' : clockTime(start)
  const to = localDay(end) > day ? '24:00' : clockTime(end)
  return from === '00:00' && to === '24:00' ? words.whole : `${from}–${to}`
}

/** The form of a shift as it is filled in. `weekly`: it comes back on `days` (0 Monday), else it is of `date` alone. */
export interface ShiftForm {
  weekly: boolean
  posts: string[]
  days: number[]
  date: string
  from: string
  to: string
  next: boolean
  kind: Stationing
}

export const minutesOf = (form: Pick<ShiftForm, 'from' | 'to' | 'next'>): number =>
  minuteOf(form.to) - minuteOf(form.from) + (form.next ? DAY_MIN : 0)

/** The lines that a form asks for; `id`: in place of that line. */
export function changeOf(form: ShiftForm, id: string | null): RosterChange {
  const remove = id ? [id] : []
  if (form.weekly) {
    const part = { from_min: minuteOf(form.from), minutes: minutesOf(form), kind: form.kind }
    return { remove, weekly: form.posts.flatMap((post) => form.days.map((weekday) => ({ post, weekday, ...part }))) }
  }
  const ends_at = instant(form.next ? dayAfter(form.date, 1) : form.date, form.to)
  return { remove, dated: form.posts.map((post) => ({ post, starts_at: instant(form.date, form.from), ends_at, kind: form.kind })) }
}

/** The dated shifts that began in the week from `first`, a week later. */
export const weekLater = (roster: Roster, first: string): Schemas['DatedIn'][] =>
  roster.dated
    .filter((one) => one.kind !== null && localDay(one.starts_at) >= first)
    .map((one) => ({ post: one.post, starts_at: later(one.starts_at), ends_at: later(one.ends_at), kind: one.kind as Stationing }))
const later = (at: string): string => new Date(Date.parse(at) + 7 * DAY_MS).toISOString()

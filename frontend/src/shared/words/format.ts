/** Instants and spans as people read them. All times are shown in the centre's zone. */

const ZONE = 'Asia/Shanghai'
const parts = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('zh-CN', { timeZone: ZONE, hourCycle: 'h23', ...options })

const CLOCK = parts({ hour: '2-digit', minute: '2-digit' })
const SECONDS = parts({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
const DAY = parts({ month: 'numeric', day: 'numeric' })
const KEY = parts({ year: 'numeric', month: '2-digit', day: '2-digit' })
const LONG = parts({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' })

const MINUTE = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' })

type Instant = number | string
const msOf = (at: Instant): number => (typeof at === 'number' ? at : Date.parse(at))

/** 14:05 */
export const clockTime = (at: Instant): string => CLOCK.format(msOf(at))
/** 14:05:09 */
export const clockSeconds = (at: Instant): string => SECONDS.format(msOf(at))
/** 2026年11月22日 星期日 */
export const longDay = (at: Instant): string => LONG.format(msOf(at))
/** 2026-11-22T21:05, as an input of the browser takes it. */
export const localMinute = (at: Instant): string => MINUTE.format(msOf(at)).replace(' ', 'T')
/** 2026/11/22 */
export const dayOf = (at: Instant): string => KEY.format(msOf(at))
export const sameDay = (a: Instant, b: Instant): boolean => KEY.format(msOf(a)) === KEY.format(msOf(b))

/** 14:05 today, else 11/21 14:05. */
export function when(at: Instant, now: number): string {
  return sameDay(at, now) ? clockTime(at) : `${DAY.format(msOf(at))} ${clockTime(at)}`
}

const two = (n: number): string => String(n).padStart(2, '0')

/**
 * A span as a countdown reads: 07:05 (min:s) below an hour, 3时05分 below a day, 2天4时 above. Whole seconds, rounded so
 * that 00:00 is shown at the boundary and never before: a remainder rounds up, an excess down.
 */
export function span(ms: number): string {
  const seconds = ms >= 0 ? Math.ceil(ms / 1000) : Math.floor(-ms / 1000)
  if (seconds < 3600) return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 1440) return `${String(Math.floor(minutes / 60))}时${two(minutes % 60)}分`
  return `${String(Math.floor(minutes / 1440))}天${String(Math.floor((minutes % 1440) / 60))}时`
}

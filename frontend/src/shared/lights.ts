/** The light of a clock: derived, never stored. Rules: docs/rules.md, "Clocks". Pure. */

import type { Clock } from './protocol'

export type Light = 'green' | 'amber' | 'red'

/** Share of the allowance from which a clock is amber. */
export const WARN_SHARE = 0.8

const ORDER: Record<Light, number> = { green: 0, amber: 1, red: 2 }

interface Span {
  /** When it would have started had it never been paused: what lies behind it is used up. */
  began: number
  due: number
  stopped: number | null
  /** Since when it stands still, without a due time. */
  paused: number | null
  breached: boolean
}

const spans = new WeakMap<Clock, Span>()

/** The clock's instants in milliseconds, parsed once for each clock that arrives. */
export function spanOf(clock: Clock): Span {
  let span = spans.get(clock)
  if (!span) {
    const started = Date.parse(clock.started_at)
    const allowed = clock.allowance_s == null ? null : clock.allowance_s * 1000
    const paused = Date.parse(clock.paused_at ?? clock.started_at)
    const left = clock.left_ms ?? (allowed ?? Infinity) - (paused - started)
    const due = clock.due_at ? Date.parse(clock.due_at) : paused + left
    span = {
      began: allowed === null ? started : due - allowed,
      due,
      stopped: clock.stopped_at ? Date.parse(clock.stopped_at) : null,
      paused: clock.due_at ? null : paused,
      breached: Boolean(clock.breached_at),
    }
    spans.set(clock, span)
  }
  return span
}

function amberAt(span: Span): number {
  return span.began + (span.due - span.began) * WARN_SHARE
}

/** The instant by which it is judged: now, or where it stopped or paused. */
function heldAt(span: Span, now: number): number {
  return Math.min(now, span.stopped ?? Infinity, span.paused ?? Infinity)
}

/** Green below 80 %, amber from exactly 80 %, red from exactly 100 % or once breached. A stopped clock keeps its colour. */
export function lightOf(clock: Clock, now: number): Light {
  const span = spanOf(clock)
  if (span.breached) return 'red'
  const at = heldAt(span, now)
  if (at >= span.due) return 'red'
  return at >= amberAt(span) ? 'amber' : 'green'
}

/** The instant at which the light changes next; null when it can't any more. */
export function nextChange(clock: Clock, now: number): number | null {
  const span = spanOf(clock)
  if (span.stopped !== null || span.paused !== null || span.breached || now >= span.due) return null
  const amber = amberAt(span)
  return now < amber ? amber : span.due
}

/** Share of the allowance used, 0 and up; 1 is the breach. */
export function shareOf(clock: Clock, now: number): number {
  const span = spanOf(clock)
  return Math.max(0, (heldAt(span, now) - span.began) / (span.due - span.began))
}

/** Milliseconds left of a running clock, negative when past due; null when stopped or paused. */
export function leftOf(clock: Clock, now: number): number | null {
  const span = spanOf(clock)
  return span.stopped === null && span.paused === null ? span.due - now : null
}

/** Not stopped; it may be paused. */
export function isRunning(clock: Clock): boolean {
  return spanOf(clock).stopped === null
}

export function isPaused(clock: Clock): boolean {
  return isRunning(clock) && spanOf(clock).paused !== null
}

/** When it is due, among clocks of one light: one that rests has no due time and comes last. */
const dueOf = (clock: Clock): number => (isPaused(clock) ? Infinity : spanOf(clock).due)

/**
 * The clock that counts now: of those that run, the one with the worst light, of these the one due first; null when none
 * runs. Every screen shows this one, and the report chooses by the same rule (docs/rules.md, "Clocks"):
 * tests/assessment/figures/counting_clocks.json holds both to it.
 */
export function countingClock(clocks: readonly Clock[], now: number): Clock | null {
  let found: Clock | null = null
  for (const one of clocks) {
    if (!isRunning(one)) continue
    const worse = found === null ? 1 : ORDER[lightOf(one, now)] - ORDER[lightOf(found, now)]
    if (worse > 0 || (worse === 0 && found !== null && dueOf(one) < dueOf(found))) found = one
  }
  return found
}

/** The light of the clock that counts now; green when none runs. */
export function worstLight(clocks: readonly Clock[], now: number): Light {
  const counting = countingClock(clocks, now)
  return counting ? lightOf(counting, now) : 'green'
}

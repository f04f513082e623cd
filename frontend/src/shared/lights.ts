/** The light of a clock: a comparison with the two instants of its card, never arithmetic. Rules: docs/rules.md, "Clocks". Pure. */

import type { ClockCard } from '@/api/cards'

export type Light = 'green' | 'amber' | 'red'

const ORDER: Record<Light, number> = { green: 0, amber: 1, red: 2 }

/** In milliseconds; Infinity: none, while it rests or until it stops. */
interface Instants {
  amber: number
  due: number
  stopped: number
}

const parsed = new WeakMap<ClockCard, Instants>()

/** Milliseconds since 1970, to the microsecond that facts are written with: what is a microsecond short is not yet due. */
export function momentOf(wire: string): number {
  return Date.parse(wire) + Number(/\.\d{3}(\d{3})/.exec(wire)?.[1] ?? 0) / 1000
}

/** The clock's instants, parsed once for each clock that arrives. */
function instantsOf(clock: ClockCard): Instants {
  let found = parsed.get(clock)
  if (!found) {
    const [amber, due, stopped] = [clock.amber_at, clock.due_at, clock.stopped_at].map((at) => (at ? momentOf(at) : Infinity))
    found = { amber, due, stopped } as Instants
    parsed.set(clock, found)
  }
  return found
}

/**
 * Red once breached; a resting clock keeps the light it was given; else by its instants: green, amber from `amber_at`, red from
 * exactly `due_at`. One that has stopped keeps its colour: it is compared where it stopped. The report compares by the same
 * rule (dispatch/matter/clocks/lights.py): tests/dispatch/clocks/lights.json holds both to it.
 */
export function lightOf(clock: ClockCard, now: number): Light {
  if (clock.breached_at) return 'red'
  if (clock.light) return clock.light
  const { amber, due, stopped } = instantsOf(clock)
  const at = Math.min(now, stopped)
  if (at >= due) return 'red'
  return at >= amber ? 'amber' : 'green'
}

/** The instant at which the light changes next; null when it can't any more. */
export function nextChange(clock: ClockCard, now: number): number | null {
  const { amber, due } = instantsOf(clock)
  if (!isRunning(clock) || isPaused(clock) || clock.breached_at || now >= due) return null
  return now < amber ? Math.min(amber, due) : due
}

/** When it is or was due; Infinity while it rests. */
export function dueOf(clock: ClockCard): number {
  return instantsOf(clock).due
}

/** Milliseconds left of a running clock, negative when past due; null when stopped or paused. */
export function leftOf(clock: ClockCard, now: number): number | null {
  return isRunning(clock) && !isPaused(clock) ? dueOf(clock) - now : null
}

/** Not stopped; it may be paused. */
export function isRunning(clock: ClockCard): boolean {
  return !clock.stopped_at
}

export function isPaused(clock: ClockCard): boolean {
  return isRunning(clock) && !clock.due_at
}

/** What a bar draws: the whole allowance, what of it was used by now, or until it stopped or paused, and from where on it is amber. */
export interface Use {
  allowedMs: number
  usedMs: number
  amberMs: number | null
}

export function useOf(clock: ClockCard, now: number): Use {
  const { amber, due, stopped } = instantsOf(clock)
  const allowedMs = clock.allowance_s * 1000
  const usedMs = clock.left_ms == null ? allowedMs - (due - Math.min(now, stopped)) : allowedMs - clock.left_ms
  return { allowedMs, usedMs: Math.max(0, usedMs), amberMs: isPaused(clock) ? null : allowedMs - (due - amber) }
}

/**
 * The clock that counts now: of those that run, the one with the worst light, of these the one due first; null when none
 * runs. One that rests is due last. Every screen shows this one, and the report chooses by the same rule (docs/rules.md,
 * "Clocks"): tests/assessment/figures/counting_clocks.json holds both to it.
 */
export function countingClock(clocks: readonly ClockCard[], now: number): ClockCard | null {
  let found: ClockCard | null = null
  for (const one of clocks) {
    if (!isRunning(one)) continue
    const worse = found === null ? 1 : ORDER[lightOf(one, now)] - ORDER[lightOf(found, now)]
    if (worse > 0 || (worse === 0 && found !== null && dueOf(one) < dueOf(found))) found = one
  }
  return found
}

/** The light of the clock that counts now; green when none runs. */
export function worstLight(clocks: readonly ClockCard[], now: number): Light {
  const counting = countingClock(clocks, now)
  return counting ? lightOf(counting, now) : 'green'
}

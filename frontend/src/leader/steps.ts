/** An issue's timeline as a leader reads it: each action once, by whom, and how long until the next. No texts. Pure. */

import type { TimelineEntry } from '@/api/calls'

/** Facts that say again what another fact of the same action says: shown only when they are alone. */
const ECHO = /^(report|receipt|escalation|hop)\.|^order\.(sent|completed|reworked|breached)$|^issue\.(relayed_down|handling_started|fed_back)$/

export interface Step {
  at: string
  /** Fact names, the clock's kind for a breach (`breached:relay_up`). */
  names: string[]
  who: string
  alarm: boolean
  /** Milliseconds until the next step, or until now. */
  held: number
}

export function stepsOf(entries: readonly TimelineEntry[], now: number): Step[] {
  const groups: TimelineEntry[][] = []
  for (const entry of entries) {
    const last = groups[groups.length - 1]
    if (last?.[0]?.at === entry.at) last.push(entry)
    else groups.push([entry])
  }
  return groups.map((facts, index) => {
    const plain = facts.filter((entry) => !ECHO.test(entry.name))
    const first = facts[0]
    const next = groups[index + 1]?.[0]
    return {
      at: first?.at ?? '',
      names: [...new Set((plain.length > 0 ? plain : facts).map(nameOf))],
      who: [first?.by.unit, first?.by.name].filter(Boolean).join(' '),
      alarm: facts.some((entry) => entry.name.endsWith('.breached')),
      held: (next ? Date.parse(next.at) : now) - Date.parse(first?.at ?? ''),
    }
  })
}

const nameOf = (entry: TimelineEntry): string =>
  entry.name.endsWith('.breached') && typeof entry.body.clock === 'string' ? `breached:${entry.body.clock}` : entry.name

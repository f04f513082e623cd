/** An issue's timeline as a leader reads it: each action once, by whom, and how long until the next. No texts. Pure. */

import type { TimelineEntry } from '@/api/calls'
import type { Kind } from '@/api/cards'
import type { FactName } from '@/api/words'
import { isBreach } from '@/shared/steps'

/** Facts that say again what another fact of the same action says: shown only when they are alone. */
const ECHOES = new Set<FactName>([
  'order.sent',
  'order.completed',
  'order.reworked',
  'order.breached',
  'issue.relayed_down',
  'issue.handling_started',
  'issue.fed_back',
])
const BESIDE = new Set<Kind>(['report', 'receipt', 'escalation'])

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
    const plain = facts.filter((entry) => !BESIDE.has(entry.object_kind) && !ECHOES.has(entry.name))
    const first = facts[0]
    const next = groups[index + 1]?.[0]
    return {
      at: first?.at ?? '',
      names: [...new Set((plain.length > 0 ? plain : facts).map(nameOf))],
      who: [first?.by.unit, first?.by.name].filter(Boolean).join(' '),
      alarm: facts.some(isBreach),
      held: (next ? Date.parse(next.at) : now) - Date.parse(first?.at ?? ''),
    }
  })
}

const nameOf = (entry: TimelineEntry): string => (isBreach(entry) ? `breached:${entry.body.clock}` : entry.name)

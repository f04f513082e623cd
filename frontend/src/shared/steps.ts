/** What happened to an issue, as one reads it: the facts of one action share their instant and are one step. Pure. */

import type { TimelineEntry } from '@/api/calls'
import type { FactName } from '@/api/words'
import { CLOCKS, FACTS, VIEWED, wordFor } from './words/domain'
import { when } from './words/format'
import { zh } from './words/zh'

/** Facts that say again what another fact of the same action says: named only when they are alone. */
const ECHOES = new Set<FactName>([
  'report.received',
  'report.relayed_up',
  'report.shared',
  'report.settled',
  'report.withheld',
  'report.reopened',
  'report.moved',
  'report.amended',
  'report.breached',
  'order.sent',
  'order.completed',
  'order.reworked',
  'order.breached',
  'order.amended',
  'order.moved',
  'issue.relayed_down',
  'issue.handling_started',
  'issue.fed_back',
])

export interface StepOfFacts {
  at: string
  facts: readonly TimelineEntry[]
  /** What to call it, each word once. */
  names: readonly string[]
}

export const isBreach = (entry: TimelineEntry) =>
  entry.name === 'issue.breached' || entry.name === 'order.breached' || entry.name === 'report.breached'

const nameOf = (entry: TimelineEntry): string => {
  const word = wordFor(FACTS, entry.name)
  if (isBreach(entry)) return `${wordFor(CLOCKS, entry.body.clock)} ${zh.marks.light.red}`
  if (entry.name === 'viewing.made') return `${word}${wordFor(VIEWED, entry.body.what)}`
  if (entry.name === 'issue.acknowledgment_struck' && entry.body.due_at) return zh.detail.struck(word, when(entry.body.due_at, Date.parse(entry.at)))
  return word
}

/** The steps in the order of `entries`. What the ladder told stands in its own list. */
export function stepsOf(entries: readonly TimelineEntry[]): StepOfFacts[] {
  const groups: TimelineEntry[][] = []
  for (const entry of entries) {
    if (entry.object_kind === 'escalation') continue
    const last = groups[groups.length - 1]
    if (last?.[0]?.at === entry.at) last.push(entry)
    else groups.push([entry])
  }
  return groups.map((facts) => {
    const plain = facts.filter((entry) => !ECHOES.has(entry.name))
    return { at: facts[0]?.at ?? '', facts, names: [...new Set((plain.length > 0 ? plain : facts).map(nameOf))] }
  })
}

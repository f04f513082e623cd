/** What a handover's sheet says, section by section, for the screen and for paper. Pure. */

import type { HandoverSheet, SheetSection } from '@/api/calls'
import { CALL_KINDS, CLOCKS, HANDOVER_STATES, RETURN_GROUNDS, ROLES, wordFor } from '@/shared/words/domain'
import { FIGURES } from '@/shared/words/figures'
import { handover as words } from '@/shared/words/handover'

export { HANDOVER_STATES }

export interface Part {
  key: 'late' | 'urgent' | 'calls' | 'relays' | 'requests'
  title: string
  section: SheetSection
  /** What stands in the column of the matter's content. */
  said: (line: SheetSection['lines'][number]) => string
}

type Table = Readonly<Record<string, string>>

export function partsOf(sheet: HandoverSheet): Part[] {
  const of = (key: Part['key'], title: string, table: Table, state: Table = {}): Part => ({
    key,
    title,
    section: sheet[key],
    said: (line) => [wordFor(table, line.what), state[line.state]].filter(Boolean).join(' '),
  })
  return [
    of('urgent', FIGURES.urgent, CLOCKS),
    of('late', FIGURES.red, CLOCKS),
    of('calls', FIGURES.unanswered_calls, CALL_KINDS),
    of('relays', words.relays, CLOCKS, words.relay),
    of('requests', FIGURES.returns, RETURN_GROUNDS),
  ]
}

/** How many are shown by number; the sensitive ones stand beside it as a count. */
export const open = (section: SheetSection): number => section.count - section.sensitive
/** On paper nothing tells a sensitive matter. */
export const linesFor = (section: SheetSection, paper: boolean): SheetSection['lines'] =>
  paper ? section.lines.filter((line) => !line.sensitive) : section.lines
export const leftOut = (section: SheetSection, paper: boolean): number =>
  Math.max(0, (paper ? open(section) : section.count) - linesFor(section, paper).length)

export const signedBy = (one: { name: string; role: string } | null): string => (one ? words.signed(one.name, wordFor(ROLES, one.role)) : '')

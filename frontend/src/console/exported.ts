/** An issue as a line of a list that is exported as shown. Pure. */

import { countingClock, lightOf } from '@/shared/lights'
import type { IssueCard } from '@/api/cards'
import { CLOCKS, LEVELS, STATES, wordFor } from '@/shared/words/domain'
import { clockSeconds, dayOf } from '@/shared/words/format'
import { words } from '@/shared/words/desk'
import { zh } from '@/shared/words/zh'

export interface Names {
  itemName: (code: string) => string
  unitName: (id: string) => string
}

const at = (instant: string | null | undefined): string => (instant ? `${dayOf(instant)} ${clockSeconds(instant)}` : '')

export function issueRow(card: IssueCard, names: Names, now: number): string[] {
  const clock = countingClock(card.clocks, now)
  return [
    card.number,
    names.itemName(card.item),
    wordFor(LEVELS, card.level),
    card.cell?.name ?? zh.detail.noCell,
    wordFor(STATES, card.state),
    names.unitName(card.responsible),
    clock ? zh.marks.light[lightOf(clock, now)] : '',
    clock ? wordFor(CLOCKS, clock.kind) : '',
    at(clock?.due_at),
    words.next[card.state] ?? '',
    at(card.reported_at),
  ]
}

/** An issue as a line of a list that is exported as shown. Pure. */

import { firstDue, lightOf } from '@/shared/lights'
import type { IssueCard } from '@/shared/protocol'
import { CLOCKS, LEVELS, STATES, wordFor } from '@/shared/words/domain'
import { clockSeconds, dayOf } from '@/shared/words/format'
import { zh } from '@/shared/words/zh'

export interface Names {
  itemName: (code: string) => string
  unitName: (id: string) => string
}

/** Who is to act, and what: the desk's own verb, or the unit's. */
const NEXT: Readonly<Record<string, string>> = {
  reported: '受理',
  accepted: '立案',
  filed: '派遣',
  in_handling: '处置',
  suspended: '到期恢复',
  fed_back: '核查',
  verified: '回访结案',
}
const at = (instant: string | null | undefined): string => (instant ? `${dayOf(instant)} ${clockSeconds(instant)}` : '')

export function issueRow(card: IssueCard, names: Names, now: number): string[] {
  const clock = firstDue(card.clocks)
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
    NEXT[card.state] ?? '',
    at(card.reported_at),
  ]
}

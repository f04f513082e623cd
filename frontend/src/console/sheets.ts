/** What both printed sheets say of an issue. Pure. */

import type { IssueCard } from '@/shared/protocol'
import { LEVELS, STATES, wordFor } from '@/shared/words/domain'
import { clockTime, dayOf } from '@/shared/words/format'
import { zh } from '@/shared/words/zh'
import type { Names } from './exported'

/** An instant on paper, which outlives the day: 2026/11/22 14:05. */
export const onPaper = (instant: string | null | undefined): string => (instant ? `${dayOf(instant)} ${clockTime(instant)}` : zh.common.none)

export function issueFacts(card: IssueCard, names: Names): (readonly [string, string])[] {
  const level = [wordFor(LEVELS, card.level), card.urgent ? zh.marks.urgent : '', card.sensitive ? zh.marks.sensitive : '']
  return [
    [zh.detail.number, card.number],
    [zh.report.item, names.itemName(card.item)],
    [zh.detail.level, level.filter(Boolean).join(' · ')],
    [zh.detail.cell, card.cell?.name ?? zh.detail.noCell],
    [zh.detail.state, wordFor(STATES, card.state)],
    [zh.detail.reportedAt, onPaper(card.reported_at)],
  ]
}

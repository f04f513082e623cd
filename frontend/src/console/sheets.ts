/** What both printed sheets say of an issue. Pure. */

import type { TimelineEntry } from '@/api/calls'
import { paperOf } from '@/shared/paper'
import type { IssueCard, Kind } from '@/api/cards'
import { stepsOf } from '@/shared/steps'
import { words } from '@/shared/words/desk'
import { LEVELS, STATES, wordFor } from '@/shared/words/domain'
import { clockTime, dayOf } from '@/shared/words/format'
import { zh } from '@/shared/words/zh'
import type { Names } from './exported'

/** An instant on paper, which outlives the day: 2026/11/22 14:05. */
export const onPaper = (instant: string | null | undefined): string => (instant ? `${dayOf(instant)} ${clockTime(instant)}` : zh.common.none)

const BESIDE = new Set<Kind>(['receipt', 'viewing'])

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

/** One line each: when, what, who, and what the paper said. That somebody's device drew something, or who looked, is no step of the matter. */
export function linesOf(timeline: readonly TimelineEntry[]): (readonly [at: string, what: string, who: string, paper: string])[] {
  return stepsOf(timeline.filter((entry) => !BESIDE.has(entry.object_kind))).map(({ at, facts, names }) => {
    const by = facts[0]?.by
    const paper = facts.map((entry) => paperOf(entry.body)).find(Boolean)
    return [
      onPaper(at),
      names.join(zh.common.and),
      [by?.unit, by?.name].filter(Boolean).join(' '),
      paper ? words.backfill.both(onPaper(paper.happenedAt), onPaper(at)) : '',
    ] as const
  })
}

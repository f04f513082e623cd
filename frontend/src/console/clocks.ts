/** The clocks of an issue as its detail lists them. Pure. */

import type { IssueDetail } from '@/api/calls'
import { dueOf, isRunning } from '@/shared/lights'
import type { ClockCard, IssueCard } from '@/api/cards'

/** What runs, the first due first, then what has ended, also before the card was last told; those of orders stand with their order. */
export function clocksOf(card: IssueCard | null, detail: IssueDetail | null): ClockCard[] {
  const told = card?.clocks ?? []
  const known = new Set(told.map((one) => one.id))
  const before = (detail?.clocks ?? []).filter((one) => one.stopped_at && one.order === null && !known.has(one.id))
  return [...told, ...before].sort((a, b) => Number(isRunning(b)) - Number(isRunning(a)) || dueOf(a) - dueOf(b))
}

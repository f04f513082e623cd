/** What a room must see: relays that are over and that nobody has answered, and what will be over next. Pure. */

import type { Row } from '@/shared/board'
import { isCounted } from '@/shared/figures'
import { dueOf, isRunning, lightOf } from '@/shared/lights'
import type { ClockCard, EscalationCard } from '@/api/cards'

export interface Alarm {
  row: Row
  clock: ClockCard
  /** The unit whose head was told of the relay, where the ladder says so. */
  told: string | null
}

const isRelay = (clock: ClockCard): boolean => clock.kind.startsWith('relay_')

/** Rows whose relay is breached and still runs: it stops when someone answers. The one that just broke stands first. */
export function alarmsOf(rows: readonly Row[], escalations: Iterable<EscalationCard>, now: number): Alarm[] {
  const told = new Map<string, string>()
  for (const one of escalations) if (one.open && one.percent >= 100) told.set(`${one.issue}/${one.clock}`, one.told.unit)
  const alarms: Alarm[] = []
  for (const row of rows) {
    const over = row.card.clocks.filter((clock) => isRelay(clock) && isRunning(clock) && lightOf(clock, now) === 'red')
    const clock = over.sort((a, b) => dueOf(a) - dueOf(b))[0]
    // What is shown is the clock that counts now, as on every screen; the relay says that nobody has answered.
    if (clock && isCounted('open', row)) alarms.push({ row, clock: row.clock ?? clock, told: told.get(`${row.id}/${clock.kind}`) ?? null })
  }
  return alarms.sort(
    (a, b) => Number(b.row.pinned) - Number(a.row.pinned) || dueOf(b.clock) - dueOf(a.clock),
  )
}

/** What is not an alarm yet, but urgent or amber: the first due stands first. */
export function nearingOf(rows: readonly Row[], alarms: readonly Alarm[]): Row[] {
  const over = new Set(alarms.map((alarm) => alarm.row.id))
  return rows.filter((row) => !over.has(row.id) && (isCounted('urgent', row) || isCounted('amber', row)))
}

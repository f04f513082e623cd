/** An order as a line of the exported list: exactly what the screen shows. Pure. */

import { isRunning, lightOf } from '@/shared/lights'
import type { OrderCard } from '@/shared/protocol'
import { CLOCKS, STATES, wordFor } from '@/shared/words/domain'
import { clockSeconds, dayOf } from '@/shared/words/format'
import { words } from '@/shared/words/phone'
import { zh } from '@/shared/words/zh'

export interface Names {
  item: (code: string) => string
  noCell: string
}

const at = (instant: string | null | undefined): string => (instant ? `${dayOf(instant)} ${clockSeconds(instant)}` : '')

export function listRow(card: OrderCard, names: Names, now: number): string[] {
  const clock = card.clock && isRunning(card.clock) ? card.clock : null
  return [
    card.number,
    names.item(card.item),
    card.cell?.name ?? names.noCell,
    wordFor(STATES, card.state),
    clock ? zh.marks.light[lightOf(clock, now)] : '',
    clock ? wordFor(CLOCKS, clock.kind) : '',
    at(clock?.due_at),
    words.order.next[card.state] ?? '',
    at(card.sent_at),
  ]
}

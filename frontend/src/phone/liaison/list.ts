/** An order as a line of the exported list: exactly what the screen shows. Pure. */

import { isPaused, lightOf } from '@/shared/lights'
import { STATES, wordFor } from '@/shared/words/domain'
import { clockSeconds, dayOf } from '@/shared/words/format'
import { words } from '@/shared/words/phone'
import { zh } from '@/shared/words/zh'
import type { InboxRow } from './orders'

export interface Names {
  item: (code: string) => string
  noCell: string
}

const at = (instant: string | null | undefined): string => (instant ? `${dayOf(instant)} ${clockSeconds(instant)}` : '')

export function listRow({ card, clock }: InboxRow, names: Names, now: number): string[] {
  return [
    card.number,
    names.item(card.item),
    card.cell?.name ?? names.noCell,
    wordFor(STATES, card.state),
    clock ? zh.marks.light[lightOf(clock, now)] : '',
    clock ? wordFor(words.order.asks, clock.kind) : '',
    clock && isPaused(clock) ? zh.time.paused : at(clock?.due_at),
    words.order.next[card.state] ?? '',
    at(card.sent_at),
  ]
}

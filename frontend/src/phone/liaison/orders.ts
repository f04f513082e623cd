/** The liaison's inbox: the open orders of the units whose post this person holds. */

import { defineStore } from 'pinia'
import { computed } from 'vue'
import { spanOf } from '@/shared/lights'
import type { OrderCard } from '@/shared/protocol'
import { useObjects } from '@/shared/stores/objects'
import { useSession } from '@/shared/stores/session'

export interface InboxRow {
  id: string
  version: number
  card: OrderCard
}

const RANK: Readonly<Record<string, number>> = { sent: 0, acknowledged: 1, in_handling: 1, fed_back: 2 }

export const useInbox = defineStore('inbox', () => {
  const objects = useObjects()
  const session = useSession()

  /** Not yet acknowledged first, each group by what is due first. */
  const rows = computed<InboxRow[]>(() => {
    void objects.revision
    const own = [...objects.each<OrderCard>('order')].filter(
      ({ card }) => session.units.has(card.unit) || card.forwards?.some((one) => session.units.has(one.taker)),
    )
    const due = (row: InboxRow): number => (row.card.clock ? spanOf(row.card.clock).due : Date.parse(row.card.sent_at))
    return own.sort(
      (a, b) =>
        (RANK[a.card.state] ?? 1) - (RANK[b.card.state] ?? 1) ||
        Number(b.card.urgent) - Number(a.card.urgent) ||
        due(a) - due(b) ||
        (a.card.number < b.card.number ? -1 : 1),
    )
  })
  const todo = computed(() => rows.value.filter((row) => row.card.state !== 'fed_back'))
  const answered = computed(() => rows.value.filter((row) => row.card.state === 'fed_back'))

  return { rows, todo, answered }
})

/** The liaison's inbox: the open orders of the units whose post this person holds, and what runs against those units. */

import { defineStore } from 'pinia'
import { computed } from 'vue'
import { countingClock, dueOf, isRunning } from '@/shared/lights'
import { clock as serverClock } from '@/shared/clock'
import type { ClockCard, IssueCard, OrderCard } from '@/api/cards'
import { useObjects } from '@/shared/stores/objects'
import { useSession } from '@/shared/stores/session'
import { useTime } from '@/shared/time'

export interface InboxRow {
  id: string
  version: number
  card: OrderCard
  /** What judges this person's unit: acknowledging, coming (of an urgent matter), handling. */
  clocks: readonly ClockCard[]
  /** Of those, the one that counts now; null when none runs. */
  clock: ClockCard | null
}

const RANK: Readonly<Record<string, number>> = { sent: 0, acknowledged: 1, in_handling: 1, fed_back: 2 }

/** An order's clocks as `units` have to heed them: its own relay judges its unit, each forward's its taker. `issue` may not be told. Pure. */
export function clocksAgainst(card: OrderCard, issue: IssueCard | undefined, units: ReadonlySet<string>): ClockCard[] {
  const ours = (card.forwards ?? []).filter((one) => units.has(one.taker)).map((one) => one.clock)
  const own = card.clocks.filter((one) => {
    if (one.kind === 'relay_down_order') return units.has(card.unit)
    return one.kind !== 'relay_down_forward' || ours.includes(one.id)
  })
  const coming = card.state === 'fed_back' ? [] : (issue?.clocks ?? []).filter((one) => one.kind === 'on_scene' && isRunning(one))
  return [...coming, ...own]
}

export const useInbox = defineStore('inbox', () => {
  const objects = useObjects()
  const session = useSession()
  const time = useTime()

  /** Not yet acknowledged first, then what is urgent, each by what is due first; what has no due time comes last. */
  const rows = computed<InboxRow[]>(() => {
    void objects.revision
    void time.boundary
    const own = [...objects.each('order')]
      .filter(({ card }) => session.units.has(card.unit) || card.forwards?.some((one) => session.units.has(one.taker)))
      .map(({ id, version, card }) => {
        const clocks = clocksAgainst(card, objects.get('issue', card.issue)?.card, session.units)
        return { id, version, card, clocks, clock: countingClock(clocks, serverClock.now()) }
      })
    const due = (row: InboxRow): number => (row.clock ? dueOf(row.clock) : Infinity)
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

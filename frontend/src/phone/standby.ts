/** Opens with the last list where there is no network, and says of when it is; keeps that list current while there is one. */

import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { clock } from '@/shared/clock'
import { useLive } from '@/shared/live'
import { useObjects } from '@/shared/stores/objects'
import { useReference } from '@/shared/stores/reference'
import { useSession } from '@/shared/stores/session'
import { forgetLast, keepLast, readLast } from './kept'
import { useInbox } from './liaison/orders'
import { useOwn } from './member/own'

const SETTLED_MS = 1_000 // a burst of facts is written once
const AGAIN_MS = 30_000 // also when nothing happens: how old the list is, is told by when it was last known to be true

export const useStandby = defineStore('standby', () => {
  const live = useLive()
  const objects = useObjects()
  const reference = useReference()
  const session = useSession()
  const inbox = useInbox()
  const own = useOwn()
  /** The old list is on the glass, true up to this instant (server's ms); null: the list is the server's. */
  const since = ref<number | null>(null)
  /** There is no network and nothing to open with. */
  const empty = ref(false)

  /** Puts the last list on the glass, unless something is there already. */
  async function show(): Promise<void> {
    if (session.session) return
    const last = await readLast(clock)
    empty.value = last === null
    if (!last) return
    session.session = last.session
    reference.reference = last.reference
    own.told = last.own
    objects.load({ objects: last.orders.map(({ id, version, card }) => ({ kind: 'order', id, version, card: { ...card } })) })
    since.value = last.at
  }

  function keep(): void {
    if (!session.session || session.ended || !objects.loaded || live.verdict.state !== 'live') return
    void keepLast({
      session: session.session,
      at: clock.now() - (live.verdict.ageS ?? 0) * 1_000,
      skew: clock.skew,
      reference: reference.reference,
      // Each with all that runs against the unit: the arrival's end is on the card, which is not kept.
      orders: inbox.rows.map(({ id, version, card, clocks }) => ({ id, version, card: { ...card, clocks: [...clocks] } })),
      own: own.told,
    })
  }

  /** From now on the list is kept; what the server tells takes the place of the old one. */
  function follow(): void {
    let soon: ReturnType<typeof setTimeout> | undefined
    const later = (): void => {
      clearTimeout(soon)
      soon = setTimeout(keep, SETTLED_MS)
    }
    watch([() => live.verdict.state, () => objects.revision, () => own.told, () => reference.reference], later)
    watch(
      () => live.phase,
      (phase) => {
        if (phase === 'live') since.value = null
      },
      { immediate: true },
    )
    // Whoever hears first that the session is over: the line may stand for some seconds yet, and would keep the list anew.
    watch(
      () => session.ended,
      (ended) => {
        if (ended) void forgetLast()
      },
      { immediate: true },
    )
    setInterval(keep, AGAIN_MS)
    later()
  }

  return { since, empty, show, follow, forget: forgetLast }
})

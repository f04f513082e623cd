/** Keeps the queue still while somebody reads it: order and membership freeze, each row's content stays live. */

import { computed, ref, shallowRef, watch } from 'vue'
import type { Ref } from 'vue'
import type { Row } from '@/shared/board'

export interface HeldRow {
  row: Row
  gone: boolean
}

/** After so long without a movement nobody is reading any more. */
export const IDLE_MS = 20_000

export function useHeld(live: Ref<readonly Row[]>) {
  const holding = ref(false)
  const held = shallowRef<readonly Row[]>([])
  let idle: ReturnType<typeof setTimeout> | undefined

  /** The pointer moved or a key was pressed in the list. */
  function touch(): void {
    if (!holding.value) {
      held.value = live.value
      holding.value = true
    }
    clearTimeout(idle)
    idle = setTimeout(release, IDLE_MS)
  }

  function release(): void {
    clearTimeout(idle)
    holding.value = false
  }

  /** The person asked for another list (filter, refresh): show it, and go on holding that one. */
  function renew(): void {
    if (holding.value) held.value = live.value
  }

  const rows = computed<HeldRow[]>(() => {
    if (!holding.value) return live.value.map((row) => ({ row, gone: false }))
    const now = new Map(live.value.map((row) => [row.id, row]))
    return held.value.map((row) => ({ row: now.get(row.id) ?? row, gone: !now.has(row.id) }))
  })

  const waiting = computed(() => {
    if (!holding.value) return { updates: 0, urgent: 0 }
    const before = new Set(held.value.map((row) => row.id))
    const fresh = live.value.filter((row) => !before.has(row.id))
    const gone = held.value.length - (live.value.length - fresh.length)
    return { updates: fresh.length + gone, urgent: fresh.filter((row) => row.pinned).length }
  })

  watch(live, () => {
    if (!holding.value) held.value = live.value
  })

  return { rows, waiting, holding, touch, release, renew }
}

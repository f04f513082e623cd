/** Who of a unit can be named to receive an order (指定接收人), read anew for each unit that is asked about. */

import { ref, shallowRef, watch } from 'vue'
import type { Ref, ShallowRef } from 'vue'
import { api } from '@/api/calls'
import type { Receiver } from '@/api/calls'

export interface Receivers {
  /** Null: not known yet. */
  found: ShallowRef<readonly Receiver[] | null>
  failed: Ref<boolean>
}

export function useReceivers(unit: () => string | null): Receivers {
  const found = shallowRef<readonly Receiver[] | null>(null)
  const failed = ref(false)
  watch(
    unit,
    async (asked) => {
      found.value = null
      failed.value = false
      if (asked === null) return
      try {
        const told = await api.receivers(asked)
        if (unit() === asked) found.value = told
      } catch {
        failed.value = unit() === asked
      }
    },
    { immediate: true },
  )
  return { found, failed }
}

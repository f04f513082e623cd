/** A form that was left half written is opened again in its section, as soon as its list is there. */

import { shallowRef, watch } from 'vue'
import type { Ref } from 'vue'

/** Which section's form, of which row; null: of a new one. */
export const wanted = shallowRef<{ section: string; id: string | null } | null>(null)

export function useReopened<T extends { id: string }>(section: string, rows: Ref<readonly T[]>, state: Ref<string>, edit: (row: T | 'new') => void): void {
  watch(
    [wanted, state],
    () => {
      const asked = wanted.value
      if (asked?.section !== section || state.value !== 'ready') return
      wanted.value = null
      const row = asked.id === null ? 'new' : rows.value.find((one) => one.id === asked.id)
      if (row) edit(row)
    },
    { immediate: true },
  )
}

/** A list that is loaded, empty, or could not be loaded: each section shows one. */

import { onMounted, ref, shallowRef } from 'vue'

export function useList<T>(load: () => Promise<T[]>) {
  const rows = shallowRef<T[]>([])
  const state = ref<'loading' | 'ready' | 'failed'>('loading')

  let asked = 0

  async function reload(): Promise<void> {
    const mine = (asked += 1)
    try {
      const found = await load()
      if (mine !== asked) return // asked again meanwhile: answers come in any order
      rows.value = found
      state.value = 'ready'
    } catch {
      if (mine !== asked) return
      state.value = 'failed'
    }
  }
  onMounted(reload)
  return { rows, state, reload }
}

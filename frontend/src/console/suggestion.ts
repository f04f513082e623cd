/** What the words of a report sound like: whom to call first, and which items. Asked when the typing rests. */

import { onBeforeUnmount, shallowRef, watch } from 'vue'
import { api } from '@/api/calls'
import type { Suggestion } from '@/api/calls'

const REST_MS = 400
const LEAST = 2

export function useSuggestion(text: () => string) {
  const emergency = shallowRef<Suggestion['emergency']>([])
  const items = shallowRef<Suggestion['items']>([])
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function ask(): Promise<void> {
    const mine = ++asked
    const said = text().trim()
    try {
      const found = said.length < LEAST ? { emergency: [], items: [] } : await api.suggest(said)
      if (mine !== asked) return
      emergency.value = found.emergency
      items.value = found.items
    } catch {
      // no suggestion: the list of items is there all the same
    }
  }

  watch(text, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void ask(), REST_MS)
  })
  onBeforeUnmount(() => {
    clearTimeout(timer)
  })

  return { emergency, items }
}

/** How many residents are being turned away: asked quietly while this page is seen, by who answers for the desk. */

import { onBeforeUnmount, onMounted, ref } from 'vue'
import { api } from '@/api/calls'
import type { TurnedAway } from '@/api/calls'

const EVERY_MS = 15_000

export function useTurnedAway(asks: boolean) {
  const told = ref<TurnedAway | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(): Promise<void> {
    try {
      if (document.visibilityState !== 'hidden') told.value = await api.turnedAway()
    } catch {
      told.value = null // the next round asks again; the link's state says what is wrong
    }
    timer = setTimeout(() => void ask(), EVERY_MS)
  }

  onMounted(() => {
    if (asks) void ask()
  })
  onBeforeUnmount(() => {
    clearTimeout(timer)
  })
  return told
}

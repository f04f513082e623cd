/** How many residents are being turned away: asked quietly while this page is seen, by who answers for the desk. */

import { ref } from 'vue'
import { api } from '@/api/calls'
import type { TurnedAway } from '@/api/calls'
import { askEvery } from '@/shared/askEvery'

const EVERY_MS = 15_000

export function useTurnedAway(asks: boolean) {
  const told = ref<TurnedAway | null>(null)

  async function ask(): Promise<void> {
    try {
      if (document.visibilityState !== 'hidden') told.value = await api.turnedAway()
    } catch {
      told.value = null // the next round asks again; the link's state says what is wrong
    }
  }

  if (asks) askEvery(EVERY_MS, ask)
  return told
}

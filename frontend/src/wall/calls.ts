/** How many calls nobody has answered: asked every few seconds, for a wall is told of none of them.
 *
 * Only a live screen asks: one that waits for its pairing, or was revoked, may not.
 */

import { ref } from 'vue'
import type { Ref } from 'vue'
import { api } from '@/api/calls'
import { askEvery } from '@/shared/askEvery'

const EVERY_MS = 5_000

export function useUnansweredCalls(isLive: () => boolean): Ref<number> {
  const count = ref(0)
  askEvery(EVERY_MS, async () => {
    try {
      if (isLive()) count.value = await api.unansweredCalls()
    } catch {
      // The band above says that the server is not reached; what was known last stays.
    }
  })
  return count
}

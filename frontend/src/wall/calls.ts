/** How many calls nobody has answered, and which units have somebody on duty: asked again and again, for a wall is told of none of them.
 *
 * Only a live screen asks: one that waits for its pairing, or was revoked, may not.
 */

import { ref, shallowRef } from 'vue'
import type { Ref } from 'vue'
import { api } from '@/api/calls'
import type { UnitsOnDuty } from '@/api/calls'
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

const PASSED_OVER = 11 // of the turns after an answer: who is on duty is asked once a minute

/** Which units have somebody on duty now: no person. Null: not known yet. */
export function useUnitsOnDuty(isLive: () => boolean): Ref<UnitsOnDuty | null> {
  const found = shallowRef<UnitsOnDuty | null>(null)
  let wait = 0
  askEvery(EVERY_MS, async () => {
    if (!isLive() || wait-- > 0) return
    try {
      found.value = await api.unitsOnDuty()
      wait = PASSED_OVER
    } catch {
      // The band above says that the server is not reached; what was known last stays.
    }
  })
  return found
}

/** How many calls nobody has answered, and which units have somebody on duty: asked again and again, for a wall is told of none of them.
 *
 * Only a live screen asks: one that waits for its pairing, or was revoked, may not.
 */

import { shallowRef } from 'vue'
import type { Ref } from 'vue'
import { api } from '@/api/calls'
import type { UnitsOnDuty } from '@/api/calls'
import { askEvery } from '@/shared/askEvery'

const EVERY_MS = 5_000
const ONCE_A_MINUTE = 12 // turns

/** What is asked at every so many turns; before the first answer it is `first`. */
function useAsked<T>(isLive: () => boolean, ask: () => Promise<T>, first: T, turns = 1): Ref<T> {
  const found = shallowRef(first) as Ref<T>
  let wait = 0
  askEvery(EVERY_MS, async () => {
    if (!isLive() || --wait > 0) return
    try {
      found.value = await ask()
      wait = turns
    } catch {
      // The band above says that the server is not reached; what was known last stays.
    }
  })
  return found
}

export const useUnansweredCalls = (isLive: () => boolean): Ref<number> => useAsked(isLive, () => api.unansweredCalls(), 0)

/** Which units have somebody on duty now: no person. Null: not known yet. */
export const useUnitsOnDuty = (isLive: () => boolean): Ref<UnitsOnDuty | null> => useAsked<UnitsOnDuty | null>(isLive, () => api.unitsOnDuty(), null, ONCE_A_MINUTE)

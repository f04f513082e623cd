/** A map that could not be drawn: it is tried again when the line is back, for what it lacked may have been the network. */

import { ref, watch } from 'vue'
import type { Ref } from 'vue'
import { useLive } from '../live'

export function useMapFailure(): Ref<boolean> {
  const live = useLive()
  const broken = ref(false)
  watch(
    () => live.phase,
    (now) => {
      if (now === 'live') broken.value = false
    },
  )
  return broken
}

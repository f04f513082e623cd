/** Whether what is drawn may be false. Once it may, it stays so until the screen is proven live again: an open line proves nothing. */

import { ref, watch } from 'vue'
import type { Ref } from 'vue'
import type { Verdict } from '@/shared/link'

export function useDoubt(loud: () => boolean, state: () => Verdict['state']): Ref<boolean> {
  const doubtful = ref(loud())
  watch(
    () => [loud(), state()] as const,
    ([now, link]) => {
      if (now) doubtful.value = true
      else if (link === 'live') doubtful.value = false
    },
    { flush: 'sync' },
  )
  return doubtful
}

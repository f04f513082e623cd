/** How many calls nobody has answered: asked every few seconds, for a wall is told of none of them.
 *
 * Only a live screen asks: one that waits for its pairing, or was revoked, may not.
 */

import { onBeforeUnmount, onMounted, ref } from 'vue'
import type { Ref } from 'vue'
import { api } from '@/api/calls'

const EVERY_MS = 5_000

export function useUnansweredCalls(isLive: () => boolean): Ref<number> {
  const count = ref(0)
  let timer: ReturnType<typeof setTimeout> | undefined
  async function look(): Promise<void> {
    try {
      if (isLive()) count.value = await api.unansweredCalls()
    } catch {
      // The band above says that the server is not reached; what was known last stays.
    }
    timer = setTimeout(() => void look(), EVERY_MS)
  }
  onMounted(look)
  onBeforeUnmount(() => {
    clearTimeout(timer)
  })
  return count
}

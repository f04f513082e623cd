/** The socket comes back by itself. What this is for: a page that could not for long, though the server answers again. */

import { onBeforeUnmount, onMounted } from 'vue'
import { api } from '@/api/calls'
import { clock } from '@/shared/clock'
import { useLive } from '@/shared/live'

const LOOK_EVERY_MS = 30_000
const GIVE_UP_MS = 300_000 // far beyond every backoff

/** Loads the page anew after five minutes without a live socket, once the server has been seen to answer. */
export function useWatchdog(): void {
  const live = useLive()
  let well = clock.ticks()
  let timer: ReturnType<typeof setInterval> | undefined

  async function look(): Promise<void> {
    if (live.phase === 'live' || live.phase === 'idle') {
      well = clock.ticks()
      return
    }
    if (clock.ticks() - well < GIVE_UP_MS) return
    try {
      await api.thisDevice()
      location.reload()
    } catch {
      // still away: an error page could not come back by itself
    }
  }

  onMounted(() => {
    timer = setInterval(() => void look(), LOOK_EVERY_MS)
  })
  onBeforeUnmount(() => {
    clearInterval(timer)
  })
}

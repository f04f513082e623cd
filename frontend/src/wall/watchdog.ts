/**
 * The socket comes back by itself. What this is for: a page that could not for long, though the server answers again, and
 * a page whose server has another build since: what it would fetch later is no more.
 */

import { onBeforeUnmount, onMounted, watch } from 'vue'
import { api } from '@/api/calls'
import { clock } from '@/shared/clock'
import { useLive } from '@/shared/live'

const LOOK_EVERY_MS = 30_000
const GIVE_UP_MS = 300_000 // far beyond every backoff

/** The page's own script: every build names it differently. */
const scriptOf = (page: Document): string | null => page.querySelector('script[type=module]')?.getAttribute('src') ?? null

/** Whether the server's page is of another build than this one; rejects when there is no answer. */
async function isOutdated(): Promise<boolean> {
  const answer = await fetch(location.pathname, { cache: 'no-store' })
  if (!answer.ok) return false
  const theirs = scriptOf(new DOMParser().parseFromString(await answer.text(), 'text/html'))
  return theirs !== null && theirs !== scriptOf(document)
}

/** Loads the page anew after five minutes without a live socket, and after a cut when the server has another build:
 * each time once the server has been seen to answer. */
export function useWatchdog(): void {
  const live = useLive()
  let well = clock.ticks()
  let timer: ReturnType<typeof setInterval> | undefined

  async function renew(): Promise<void> {
    try {
      if (await isOutdated()) location.reload()
    } catch {
      // cut off again: looked at after the next cut
    }
  }
  watch(
    () => live.phase,
    (now) => {
      if (now === 'live') void renew()
    },
  )

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

/** Asks that the screen stays lit; a browser takes that back whenever the page is hidden. */
export function keepAwake(): void {
  const ask = (): void => {
    if (document.visibilityState === 'visible' && 'wakeLock' in navigator) navigator.wakeLock.request('screen').catch(() => undefined)
  }
  ask()
  document.addEventListener('visibilitychange', ask)
}

/** Keeps this phone on the server's release: a new one takes over as soon as nothing is being written. */

import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { useLive } from '@/shared/live'
import { followRelease, holdRelease } from '@/shared/release'
import { useOutbox } from './outbox'
import { useWritten } from './written'

const WORKER = '/phone-worker.js'
const PAGE = '/phone'
const OURS = 'relay60-phone-' // as worker.ts names them

/** The release that this page is of: its script's name has its hash. */
const ownScript = (): string => new URL(document.querySelector<HTMLScriptElement>('script[type=module]')?.src ?? '', location.href).pathname

/**
 * Whether the release that is kept on this phone is another than the one that runs. A new worker takes over before it has
 * removed the old release's files: of several the latest counts.
 */
async function isOld(): Promise<boolean> {
  const latest = (await caches.keys()).filter((name) => name.startsWith(OURS)).pop()
  const page = latest && (await caches.match(PAGE, { cacheName: latest, ignoreVary: true }))
  return page ? !(await page.text()).includes(ownScript()) : false
}

export const useRelease = defineStore('release', () => {
  const live = useLive()
  const outbox = useOutbox()
  const written = useWritten()
  /** This phone keeps no release: the screen does not open without a network. */
  const unkept = ref(false)

  /** Installs the worker; where a browser has none, as without TLS, the server's page is looked at instead. */
  async function follow(): Promise<void> {
    // A photo not yet handed in, a step kept nowhere.
    holdRelease(() => written.holdsFiles() || (outbox.fragile && outbox.mine.length > 0))
    const back = (): boolean => live.phase === 'live'
    if (!('serviceWorker' in navigator)) {
      unkept.value = true
      followRelease({ back })
      return
    }
    try {
      const registration = await navigator.serviceWorker.register(WORKER, { scope: PAGE })
      const look = followRelease({ isOld })
      navigator.serviceWorker.addEventListener('controllerchange', () => void look())
      // An upgrade restarts the gateway: whoever comes back after a cut asks whether there is one.
      watch(back, (now) => {
        if (now) registration.update().catch(() => undefined)
      })
    } catch {
      unkept.value = true // a private window, or a full disk
      followRelease({ back })
    }
  }

  return { unkept, follow }
})

/** Keeps this phone on the server's release: a new one takes over as soon as nothing is being written. */

import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { useLive } from '@/shared/live'
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
  /** A newer release is here and waits for what is being written. */
  const newer = ref(false)
  const live = useLive()
  const outbox = useOutbox()
  const written = useWritten()

  /** Whether something would be lost with the page: words under somebody's thumb, a photo not yet handed in, a step kept nowhere. */
  const writing = (): boolean =>
    [...document.querySelectorAll('textarea')].some((field) => field.value !== '') ||
    written.holdsFiles() ||
    (outbox.fragile && outbox.mine.length > 0)

  const reload = (): void => {
    location.reload()
  }

  async function taken(): Promise<void> {
    if (!(await isOld())) return
    newer.value = true
    if (!writing()) reload()
  }

  /** Installs the worker; does nothing where a browser has none, as without TLS. */
  async function follow(): Promise<void> {
    if (!('serviceWorker' in navigator)) return
    navigator.serviceWorker.addEventListener('controllerchange', () => void taken())
    document.addEventListener('visibilitychange', () => {
      if (newer.value && !writing()) reload()
    })
    try {
      const registration = await navigator.serviceWorker.register(WORKER, { scope: PAGE })
      // An upgrade restarts the gateway: whoever comes back after a cut asks whether there is one.
      watch(
        () => live.phase,
        (phase) => {
          if (phase === 'live') registration.update().catch(() => undefined)
        },
      )
    } catch {
      // a private window, or a full disk: the screen works, but does not open without a network
    }
  }

  return { newer, follow, reload }
})

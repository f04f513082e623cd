/** Whether this phone is reached while the page is closed: by its browser's pushes, where browser, person and centre let it. */

import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { Refusal, Unreachable } from '@/api/client'
import { api } from '@/api/calls'
import { SignedOut } from '@/shared/signedOut'

const TAPPED = 'relay60-tapped' // as worker.ts names it
const PAGE = '/phone'

/**
 * `unused`: the centre sends none. `missing`: this browser can't. `refused`: the person, or the machine, forbids it.
 * `off`: it can be turned on. `failed`: the browser's own push service did not take this phone.
 */
export type PushState = 'unused' | 'missing' | 'refused' | 'off' | 'on' | 'failed'

/** A key as a browser wants it. */
export function keyBytes(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(raw, (sign) => sign.charCodeAt(0))
}

const sameKey = (held: ArrayBuffer | null, wanted: Uint8Array): boolean =>
  held !== null && held.byteLength === wanted.length && new Uint8Array(held).every((byte, at) => byte === wanted[at])

export const usePush = defineStore('push', () => {
  const state = ref<PushState>('unused')
  const busy = ref(false)
  let key: string | null = null

  /** What is true on this phone now. A phone that was let before is signed on again: each sign-in is another's. */
  async function look(): Promise<void> {
    try {
      key = (await api.push()).key
    } catch (error) {
      if (error instanceof Unreachable || error instanceof SignedOut) return // asked again with the next list
      throw error
    }
    if (key === null) state.value = 'unused'
    else if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) state.value = 'missing'
    else if (Notification.permission === 'denied') state.value = 'refused'
    else if (Notification.permission === 'granted') await signOn()
    else state.value = 'off'
  }

  /** From a press: the browser asks the person. */
  async function turnOn(): Promise<void> {
    busy.value = true
    try {
      const given = await Notification.requestPermission()
      if (given === 'granted') await signOn()
      else state.value = given === 'denied' ? 'refused' : 'off'
    } finally {
      busy.value = false
    }
  }

  async function signOn(): Promise<void> {
    if (key === null) return
    try {
      const { pushManager } = await navigator.serviceWorker.ready
      const wanted = keyBytes(key)
      let held = await pushManager.getSubscription()
      if (held && !sameKey(held.options.applicationServerKey, wanted)) {
        await held.unsubscribe()
        held = null
      }
      held ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted })
      const { endpoint, keys } = held.toJSON()
      await api.takePush({ endpoint: endpoint ?? '', p256dh: keys?.p256dh ?? '', auth: keys?.auth ?? '' })
      state.value = 'on'
    } catch (error) {
      if (error instanceof SignedOut) return
      if (!(error instanceof DOMException || error instanceof Refusal || error instanceof Unreachable)) throw error
      state.value = 'failed'
    }
  }

  /** The matter whose notification was tapped, until the page has shown it. */
  const tapped = ref<string | null>(null)
  async function readTapped(): Promise<void> {
    if (!('caches' in window)) return
    const laid = await caches.open(TAPPED)
    const found = await laid.match(PAGE)
    if (!found) return
    await laid.delete(PAGE)
    tapped.value = await found.text()
  }
  function follow(): void {
    if ('serviceWorker' in navigator) {
      navigator.serviceWorker.addEventListener('message', ({ data }) => {
        if (data === TAPPED) void readTapped()
      })
    }
    void readTapped()
  }

  const told = computed(() => (state.value === 'unused' || state.value === 'on' ? null : state.value))
  return { state, busy, told, tapped, look, turnOn, follow }
})

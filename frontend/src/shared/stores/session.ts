/** Who is at this screen, and what they may do; how long the session lasts, and that it is over. */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { actAs, onLost } from '@/api/client'
import { api } from '@/api/calls'
import type { Session } from '@/api/calls'
import { clock } from '../clock'
import { holdRelease } from '../release'
import { useTime } from '../time'
import { zh } from '../words/zh'

const WARN_MS = 10 * 60_000
const USE_TOLD_EVERY_MS = 5 * 60_000
const USES = ['keydown', 'pointerdown', 'wheel'] as const

export function toSignIn(): void {
  const here = location.pathname
  location.assign(`/sign-in?next=${encodeURIComponent(here)}`)
}

export const useSession = defineStore('session', () => {
  const time = useTime()
  const session = shallowRef<Session | null>(null)
  /** The server no longer knows who is here, although this screen does: what it shows is not live any more. */
  const ended = ref(false)
  holdRelease(() => ended.value) // a newer page would ask for the password on a page of its own
  /** When it was last asked, the browser's session was another person's. */
  const stranger = ref(false)
  /** Grows each time that a person wanted to do something and could not, for want of a session. */
  const wanted = ref(0)
  const rights = computed(() => new Set(session.value?.rights ?? []))
  const units = computed(() => new Set((session.value?.posts ?? []).map((post) => post.unit.id)))

  /** The centre of a township or community that this person's desk is: it sees its place, and acts for its unit. */
  const ownCentre = computed(() => session.value?.posts.find((post) => post.role === 'township_desk') ?? null)

  /** `clock.lived` when the session ends unused; null: not known. */
  const endsAt = ref<number | null>(null)
  const toldAt = ref(-Infinity)
  let followed = false
  const leftMs = computed(() => {
    void time.now
    return endsAt.value === null ? null : endsAt.value - clock.lived()
  })
  /** Milliseconds until the session ends, when it is time to say so; asked of the server once more: another page may have used it. */
  const warnMs = ref<number | null>(null)

  /** Loads the session; false when nobody, or another person than before, is signed in. Then what is on the screen stays. */
  async function load(): Promise<boolean> {
    const told = await api.session()
    stranger.value = told !== null && session.value !== null && told.person.id !== session.value.person.id
    if (!told || stranger.value) {
      if (session.value) lose()
      return false
    }
    returned(told)
    return true
  }

  /** The server knows this person: all goes on. */
  function returned(told: Session): void {
    session.value = told
    ended.value = false
    lasts(told.left_s)
    actAs(told.person.id)
    follow()
  }

  function lasts(seconds: number): void {
    endsAt.value = clock.lived() + seconds * 1000
    warnMs.value = null
  }

  function lose(): void {
    ended.value = session.value !== null
    endsAt.value = warnMs.value = null
  }
  onLost(lose)

  /** A person's act met no session. */
  function want(): void {
    lose()
    wanted.value += 1
  }

  /** What somebody does at this screen prolongs the session, told at most every five minutes; the end is seen coming. */
  function follow(): void {
    if (followed) return
    followed = true
    time.start()
    for (const kind of USES) window.addEventListener(kind, () => void used(), { capture: true, passive: true })
    setInterval(() => void watchEnd(), 1_000)
    document.addEventListener('visibilitychange', () => {
      if (ended.value && document.visibilityState === 'visible') void load().catch(() => undefined)
    })
  }

  async function used(now = false): Promise<void> {
    if (ended.value || (!now && clock.lived() - toldAt.value < USE_TOLD_EVERY_MS)) return
    toldAt.value = clock.lived()
    try {
      lasts((await api.useSession()).left_s)
    } catch {
      // no network: the next key tells it, or there is no session any more, which the screen says
      toldAt.value = -Infinity
    }
  }

  let looking = false
  async function watchEnd(): Promise<void> {
    const left = leftMs.value
    if (left === null || left > WARN_MS || looking || ended.value) return
    if (warnMs.value !== null && left > 0) return void (warnMs.value = left)
    looking = true
    try {
      if (await load()) warnMs.value = (leftMs.value ?? Infinity) > WARN_MS ? null : leftMs.value
    } catch {
      warnMs.value = left
    } finally {
      looking = false
    }
  }

  /**
   * Signs in where one is. True: the same person, all goes on. False: another one, and the page must go, with all it shows.
   * Raises Refusal, Unreachable.
   */
  async function signIn(username: string, password: string): Promise<boolean> {
    const told = await api.signIn(username, password)
    if (told.person.id !== session.value?.person.id || told.must_change_password) return false
    returned(told)
    return true
  }

  /** Ends the session and goes to the sign-in. Raises what the server, or its absence, says: then nothing has ended. */
  async function end(): Promise<void> {
    if (!ended.value) await api.signOut()
    toSignIn()
  }

  /** As `end`; where it fails the person is told so, for only the server can end a session. */
  async function leave(): Promise<void> {
    try {
      await end()
    } catch {
      alert(zh.common.notLeft)
    }
  }

  const may = (right: string): boolean => rights.value.has(right)

  return { session, ended, stranger, wanted, warnMs, rights, units, ownCentre, load, lose, returned, want, use: () => used(true), signIn, end, leave, may }
})

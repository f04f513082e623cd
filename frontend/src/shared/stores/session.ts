/** Who is at this screen, and what they may do. */

import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { api } from '@/api/calls'
import type { Session } from '@/api/calls'
import { zh } from '../words/zh'

export function toSignIn(): void {
  const here = location.pathname
  location.assign(`/sign-in?next=${encodeURIComponent(here)}`)
}

export const useSession = defineStore('session', () => {
  const session = shallowRef<Session | null>(null)
  const rights = computed(() => new Set(session.value?.rights ?? []))
  const units = computed(() => new Set((session.value?.posts ?? []).map((post) => post.unit.id)))

  /** The centre of a township or community that this person's desk is: it sees its place, and acts for its unit. */
  const ownCentre = computed(() => session.value?.posts.find((post) => post.role === 'township_desk') ?? null)

  /** Loads the session; false when nobody is signed in. */
  async function load(): Promise<boolean> {
    session.value = await api.session()
    return session.value !== null
  }

  /** Ends the session and goes to the sign-in. Raises what the server, or its absence, says: then nothing has ended. */
  async function end(): Promise<void> {
    await api.signOut()
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

  return { session, rights, units, ownCentre, load, end, leave, may }
})

/** The calls that ring for this person: those that name one of their posts and that nobody has answered. */

import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api } from '@/api/calls'
import { Refusal, Unreachable } from '@/api/client'
import type { CallCard } from '@/api/cards'
import { newUuid } from '../uuid'
import { calls as words } from '../words/calls'
import { useObjects } from './objects'
import { useSession } from './session'

export interface Ringing {
  id: string
  card: CallCard
}

/** Of some calls those that ring for one of `posts`, the first first. Pure. */
export function ringingFor(calls: Iterable<{ id: string; card: CallCard }>, posts: ReadonlySet<string>): Ringing[] {
  return [...calls]
    .filter(({ card }) => card.state === 'open' && card.posts.some((post) => posts.has(post)))
    .map(({ id, card }) => ({ id, card }))
    .sort((a, b) => (a.card.at < b.card.at ? -1 : 1))
}

/** The calls that ring for one issue, or of all answers that wait for their verification. `first` rings longest. */
export interface Matter {
  /** What they are about together. */
  key: string
  first: Ringing
  calls: Ringing[]
}

/**
 * The calls of one issue together: an order's clock and the issue's own both ring, and it is one matter. The answers that
 * waited overnight ring at one time of day: they are one line. Pure.
 */
export function byMatter(ringing: readonly Ringing[]): Matter[] {
  const found = new Map<string, Matter>()
  for (const one of ringing) {
    const key = one.card.kind === 'verification' ? one.card.kind : one.card.issue
    const matter = found.get(key)
    if (matter) matter.calls.push(one)
    else found.set(key, { key, first: one, calls: [one] })
  }
  return [...found.values()]
}

export const useCalls = defineStore('calls', () => {
  const objects = useObjects()
  const session = useSession()
  /** What came of the latest answer, for a person to read. */
  const said = ref<string | null>(null)
  const asked = ref<ReadonlySet<string>>(new Set())
  const keys = new Map<string, string>() // one for each call, however often it is pressed
  const posts = computed(() => new Set((session.session?.posts ?? []).map((post) => post.id)))
  const ringing = computed<Ringing[]>(() => {
    void objects.revision
    return ringingFor(objects.each('call'), posts.value)
  })
  const matters = computed(() => byMatter(ringing.value))
  const listed = computed(() => {
    void objects.revision
    return [...objects.each('call')].filter(({ card }) => card.state === 'listed')
  })

  async function answer(id: string): Promise<void> {
    if (asked.value.has(id)) return
    const key = keys.get(id) ?? newUuid()
    keys.set(id, key)
    asked.value = new Set([...asked.value, id])
    said.value = null
    try {
      await api.answerCall(id, key)
      said.value = words.answered
    } catch (error) {
      if (error instanceof Refusal) said.value = error.problem.detail ?? words.failed
      else if (error instanceof Unreachable) said.value = words.failed
      else throw error
    } finally {
      asked.value = new Set([...asked.value].filter((one) => one !== id))
    }
  }

  async function answerEach(these: readonly Ringing[]): Promise<void> {
    for (const { id } of these) await answer(id)
  }
  const answerAll = (): Promise<void> => answerEach(ringing.value)

  return { ringing, matters, listed, said, asked, answerEach, answerAll }
})

/** One intent of a person, carried out once: its key stays the same at every repeat until the outcome is known. */

import { ref, shallowRef } from 'vue'
import { Refusal, Unreachable } from '@/api/client'
import type { Problem } from '@/api/client'
import { SignedOut } from './signedOut'
import { useSession } from './stores/session'
import { newUuid } from './uuid'
import { ERRORS, FAILED, KEY_REUSED } from './words/errors'

/** What a refusal says, in Chinese: its own words first, ours by status where it has none. */
export function explain(problem: Problem): string {
  const own = [problem.detail ?? problem.title, problem.remedy].filter(Boolean).join(' ')
  return own || ERRORS[`http.${String(problem.status)}`] || FAILED
}

/** An intent that is taken up again: it goes under the same key; `open` where it may have been carried out already. */
export interface OpenIntent {
  key: string
  open: boolean
}

export function useIntent(before: OpenIntent | null = null) {
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  /** True when no answer came: it may have been done. Repeating is safe. */
  const unknown = ref(before?.open ?? false)
  let key = before?.key ?? newUuid()

  /** A new intent: a dialog was opened, a form emptied. */
  function begin(): void {
    key = newUuid()
    problem.value = null
    unknown.value = false
  }

  /** Goes on with an intent that an earlier page began. */
  function takeUp(before: OpenIntent): void {
    key = before.key
    unknown.value = before.open
  }

  /** Runs `send` with this intent's key. The result, or null when refused or unknown. */
  async function run<T>(send: (key: string) => Promise<T>): Promise<T | null> {
    if (busy.value) return null
    busy.value = true
    problem.value = null
    try {
      const result = await send(key)
      begin()
      return result
    } catch (error) {
      if (error instanceof Refusal) {
        problem.value = error.problem
        // A refusal takes its key back, so the corrected form may be another command; unless this key had been carried out.
        if (error.problem.code === 'idempotency_key.reused') problem.value = { ...error.problem, detail: KEY_REUSED }
        unknown.value = false
        key = newUuid()
      } else if (error instanceof Unreachable) {
        problem.value = error.refused // nothing was done: the same again, under the same key, once there is room
        unknown.value = error.refused === null
      } else if (error instanceof SignedOut) {
        useSession().want() // nothing was done: the same key goes on after the sign-in; a page without accounts never gets here
      } else {
        throw error
      }
      return null
    } finally {
      busy.value = false
    }
  }

  /** What it takes to carry this intent on. */
  const state = (): OpenIntent => ({ key, open: busy.value || unknown.value })

  return { busy, problem, unknown, begin, takeUp, run, state }
}

export type Intent = ReturnType<typeof useIntent>

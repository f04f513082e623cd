/** The calls of the issue that the desk looks at, read again whenever something happens to them. */

import { defineStore } from 'pinia'
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/calls'
import type { CallDetail } from '@/api/calls'
import { useObjects } from '@/shared/stores/objects'
import { calls as callWords } from '@/shared/words/calls'
import { useDetail } from './detail'

const words = callWords.steps
const QUIET_MS = 150 // an action tells several facts
const AGAIN_MS = 4_000

export const useIssueCalls = defineStore('issueCalls', () => {
  const detail = useDetail()
  const objects = useObjects()
  const calls = shallowRef<readonly CallDetail[]>([])
  const failed = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function fetch(): Promise<void> {
    const id = detail.id
    if (id === null) return
    try {
      const found = await api.callsOf(id)
      if (detail.id !== id) return
      calls.value = found
      failed.value = false
    } catch {
      failed.value = detail.id === id
      again(AGAIN_MS)
    }
  }
  function again(after: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void fetch(), after)
  }
  watch(
    () => detail.id,
    () => {
      calls.value = []
      failed.value = false
      void fetch()
    },
    { immediate: true },
  )
  /** A receipt says of which attempt it is, not of which issue. */
  const concerns = (kind: string, card: Record<string, unknown>): boolean =>
    ((kind === 'call' || kind === 'attempt') && card.issue === detail.id) || (kind === 'receipt' && 'attempt' in card)
  const stop = objects.onFact((fact) => {
    if (detail.id !== null && concerns(fact.object.kind, fact.card)) again(QUIET_MS)
  })
  onScopeDispose(() => {
    stop()
    clearTimeout(timer)
  })

  /** What is true of a step of the ladder: whether its call rings, is listed, was answered. */
  function wordsOf(escalation: string): string | null {
    const call = calls.value.find((one) => one.card.escalation === escalation)
    if (!call) return failed.value ? null : words.neverCalled
    const { state } = call.card
    if (state === 'open' || state === 'listed') return words[state]
    return call.card.answered_by ? words.answered : words.over
  }
  return { calls, failed, fetch, wordsOf }
})

/**
 * Today's figures, and how many sensitive issues there are: counted by the server from the feed, so that wall, leader and
 * township show the same. A fact is only the hint to ask again, not too often.
 */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api/calls'
import type { Situation } from '@/api/calls'
import { Refusal } from '@/api/client'
import { clock } from '../clock'
import { useObjects } from './objects'

const QUIET_MS = 1_500 // several facts of one action make one request
const REST_MS = 5_000 // a busy centre is asked so seldom
const ANYWAY_MS = 60_000 // a midnight passes, sensitive issues tell no facts here

export const useToday = defineStore('today', () => {
  const objects = useObjects()
  const today = shallowRef<Situation | null>(null)
  const failed = ref(false)
  const placeless = ref(false) // who answers for matters and no place: what is counted by place isn't theirs to see
  let timer: ReturnType<typeof setTimeout> | undefined
  let due = Infinity
  let askedAt = -Infinity
  let started = false
  /** Open sensitive issues of the whole place; null: not known, or of so small a place not told. */
  const sensitive = computed(() => today.value?.sensitive?.reduce((all, one) => all + one.open, 0) ?? null)

  function askIn(ms: number): void {
    if (placeless.value) return
    const at = clock.ticks() + ms
    if (at >= due) return
    due = at
    clearTimeout(timer)
    timer = setTimeout(() => void ask(), ms)
  }

  async function ask(): Promise<void> {
    due = Infinity
    askedAt = clock.ticks()
    try {
      today.value = await api.situation()
      failed.value = false
    } catch (error) {
      placeless.value = error instanceof Refusal && error.problem.status === 404
      if (placeless.value) return
      failed.value = true
    }
    askIn(failed.value ? REST_MS : ANYWAY_MS)
  }

  /** @param minutely only the counts of sensitive issues are wanted: once a minute is enough */
  function start(minutely = false): void {
    if (started) return
    started = true
    objects.onFact((fact) => {
      if (minutely) return
      if (fact.object.kind !== 'issue' && fact.object.kind !== 'order') return
      askIn(Math.max(QUIET_MS, askedAt + REST_MS - clock.ticks()))
    })
    void ask()
  }

  return { today, sensitive, failed, placeless, start }
})

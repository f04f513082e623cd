/**
 * What the liaison did and the server hasn't answered yet. Kept in this browser until it is; sent again with the same key, so
 * that it happens once. Nothing here stops a clock: only the server's answer does.
 */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api/calls'
import { Refusal, Unreachable } from '@/api/client'
import { clock } from '@/shared/clock'
import { explain } from '@/shared/intent'
import { SignedOut } from '@/shared/signedOut'
import { newUuid } from '@/shared/uuid'

export type OrderVerb = 'acknowledge' | 'start' | 'feed_back'

export interface Entry {
  key: string
  person: string
  order: string
  verb: OrderVerb
  body: Record<string, unknown>
  /** The version the person saw; null where the call needs none, or where an earlier entry decides it. */
  version: number | null
  madeAt: number
}

export interface Rejected {
  entry: Entry
  words: string
}

const STORE_KEY = 'relay60.outbox'
const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 20_000] as const

function read(): Entry[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORE_KEY) ?? '[]')
    return Array.isArray(kept) ? (kept as Entry[]) : []
  } catch {
    return []
  }
}

export const useOutbox = defineStore('outbox', () => {
  const entries = shallowRef<Entry[]>(read())
  const rejected = shallowRef<Rejected[]>([])
  const sending = ref(false)
  const signedOut = ref(false)
  const person = ref<string | null>(null)
  /** Versions that answers told, newer perhaps than what the store has drawn. */
  const told = new Map<string, number>()
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const mine = computed(() => entries.value.filter((entry) => entry.person === person.value))
  const of = (order: string): Entry[] => mine.value.filter((entry) => entry.order === order)

  function keep(next: Entry[]): void {
    entries.value = next
    localStorage.setItem(STORE_KEY, JSON.stringify(next))
  }

  /** Begins to send for this person; another person's entries wait for that person. */
  function open(personId: string): void {
    person.value = personId
    window.addEventListener('online', () => {
      failures = 0
      void flush()
    })
    void flush()
  }

  function add(order: string, verb: OrderVerb, body: Record<string, unknown>, version: number): void {
    if (person.value === null || of(order).some((entry) => entry.verb === verb)) return
    const queued = of(order).length > 0
    keep([
      ...entries.value,
      {
        key: newUuid(),
        person: person.value,
        order,
        verb,
        body,
        version: verb === 'acknowledge' || queued ? null : version,
        madeAt: clock.now(),
      },
    ])
    void flush()
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    if (sending.value) return
    sending.value = true
    try {
      for (let entry = mine.value[0]; entry; entry = mine.value[0]) {
        await send(entry)
        failures = 0
        signedOut.value = false
      }
    } catch (error) {
      signedOut.value = error instanceof SignedOut
      if (!(error instanceof Unreachable) && !(error instanceof SignedOut)) throw error
      const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]
      failures += 1
      timer = setTimeout(() => void flush(), wait)
    } finally {
      sending.value = false
    }
  }

  async function send(entry: Entry): Promise<void> {
    const version = entry.verb === 'acknowledge' ? undefined : (entry.version ?? told.get(entry.order))
    try {
      const answer = await api.orderVerb(entry.order, entry.verb, entry.body, entry.key, version)
      told.set(entry.order, answer.version)
      drop(entry)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // What came after it on the same order was built on it.
      for (const later of of(entry.order)) drop(later)
      rejected.value = [...rejected.value, { entry, words: explain(error.problem) }]
    }
  }

  function drop(entry: Entry): void {
    keep(entries.value.filter((one) => one.key !== entry.key))
  }

  function dismiss(one: Rejected): void {
    rejected.value = rejected.value.filter((other) => other !== one)
  }

  return { mine, rejected, sending, signedOut, of, open, add, flush, dismiss }
})

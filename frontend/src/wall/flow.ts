/**
 * The latest steps of the day: the server's up to a place in the feed, and what was heard after it. So a wall that is opened at
 * noon knows the morning, and one that was cut off knows what it missed. How many there were is counted by the server alone.
 */

import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import { api } from '@/api/calls'
import type { Flow } from '@/api/calls'
import { clock } from '@/shared/clock'
import { useLive } from '@/shared/live'
import type { IssueCard } from '@/api/cards'
import type { FactName } from '@/api/words'
import type { Fact } from '@/shared/protocol'
import { useObjects } from '@/shared/stores/objects'
import { useTime } from '@/shared/time'
import { dayOf, sameDay } from '@/shared/words/format'

export interface Step {
  key: string
  through: number
  at: string
  /** Of the centre's zone, read from `at` once: a busy wall draws anew ten times a second. */
  day: string
  name: string
  card: IssueCard
}

const MOST = 40 // the wall runs for weeks: what has scrolled away is let go
const AGAIN_MS = 4_000
const REDRAWN: FactName = 'issue.redrawn' // nothing happened

export const useFlow = defineStore('flow', () => {
  const objects = useObjects()
  const live = useLive()
  const time = useTime()
  const base = shallowRef<Flow | null>(null)
  /** Heard since the page began, the newest first; those that the base has counted are let go. */
  const heard = shallowRef<readonly Step[]>([])
  const steps = shallowRef<readonly Step[]>([])
  let asking = false
  let asked = 0

  objects.onFact((fact: Fact, through: number) => {
    const card = fact.card as unknown as IssueCard
    if (fact.object.kind !== 'issue' || card.exercise || fact.name === REDRAWN) return
    if (!sameDay(fact.at, clock.now())) return // heard after midnight, but of yesterday: the server counts what is near it
    const step = { key: `${fact.object.id}/${String(fact.version)}`, through, at: fact.at, day: dayOf(fact.at), name: fact.name, card }
    heard.value = [step, ...heard.value]
    steps.value = merged([step], steps.value)
    if (heard.value.length > MOST * 10) void load() // counted by the server, they need not be kept here
  })

  function merged(newer: readonly Step[], older: readonly Step[]): Step[] {
    const keys = new Set(newer.map((step) => step.key))
    const today = dayOf(clock.now())
    return [...newer, ...older.filter((step) => !keys.has(step.key))].filter((step) => step.day === today).slice(0, MOST)
  }

  async function load(): Promise<void> {
    if (asking) return
    asking = true
    try {
      const flow = await api.flow()
      base.value = flow
      asked = clock.now()
      heard.value = heard.value.filter((step) => step.through > flow.seq)
      const told = flow.steps.map((step) => ({ ...step, key: `${step.issue_id}/${String(step.version)}`, day: dayOf(step.at), through: flow.seq }))
      steps.value = merged(heard.value, told)
    } catch {
      setTimeout(() => void load(), AGAIN_MS)
    } finally {
      asking = false
    }
  }

  // Begun, come back after a cut, or gone over midnight: the server counts.
  watch(
    () => live.phase,
    (phase) => {
      if (phase === 'live') void load()
    },
    { immediate: true },
  )
  watch(
    () => time.now,
    (now) => {
      if (base.value && !sameDay(now, asked)) void load()
    },
  )

  return { base, steps, load }
})

const HOUR = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', hourCycle: 'h23' })
export const hourOf = (at: string | number): number => Number(HOUR.format(typeof at === 'number' ? at : Date.parse(at)))

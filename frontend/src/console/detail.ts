/** The one issue in detail: fetched over HTTP, fetched again when a fact touches it. */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api/calls'
import type { IssueDetail, ReportDetail } from '@/api/calls'
import { Refusal } from '@/api/client'
import type { Fact, IssueCard } from '@/shared/protocol'
import { useObjects } from '@/shared/stores/objects'
import { verbOf } from '@/shared/verbs'
import { FACTS, STATES, VERBS, wordFor } from '@/shared/words/domain'
import { clockTime } from '@/shared/words/format'
import { zh } from '@/shared/words/zh'

/** What happens beside an issue and leaves its state as it is. */
const BESIDE = new Set(['receipt', 'reveal', 'reply', 'escalation'])
const QUIET_MS = 120 // several facts of one action make one request

export const useDetail = defineStore('detail', () => {
  const objects = useObjects()
  const id = ref<string | null>(null)
  const detail = shallowRef<IssueDetail | null>(null)
  /** Personal data in clear, by report, after a reveal: for this selection only, never kept. */
  const clear = shallowRef<ReadonlyMap<string, Partial<ReportDetail>>>(new Map())
  const failed = ref<'gone' | 'unreachable' | null>(null)
  /** It is being asked for, or soon will be. */
  const asking = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  /** The issue as last told: the store's while it is open, else the detail's own. */
  const newest = computed<{ version: number; card: IssueCard } | null>(() => {
    void objects.revision
    if (id.value === null) return null
    const told = objects.get<IssueCard>('issue', id.value)
    const own = detail.value?.id === id.value ? detail.value : null
    return told && (!own || told.version >= own.version) ? told : own
  })
  const card = computed(() => newest.value?.card ?? null)
  /** What was fetched is older than what was told of it, or may be: verbs, orders and texts follow. */
  const behind = computed(() => asking.value || (detail.value?.version ?? 0) < (newest.value?.version ?? 0))
  /** Of what one reads, not of what was fetched last: who acts at once on a change that was told acts on its version. */
  const version = computed(() => (detail.value?.id === id.value ? newest.value?.version : undefined))

  function select(next: string | null): void {
    if (next === id.value) return
    id.value = next
    failed.value = null
    forget()
    clearTimeout(timer)
    if (next !== null) askIn(60)
  }

  function askIn(ms: number): void {
    clearTimeout(timer)
    asking.value = true
    timer = setTimeout(() => void fetch(), ms)
  }

  /** What was read of it, above all in clear, is not this person's to see any more. */
  function forget(): void {
    detail.value = null
    clear.value = new Map()
  }

  async function fetch(): Promise<void> {
    const wanted = id.value
    if (wanted === null) return
    clearTimeout(timer)
    const mine = ++asked
    asking.value = true
    try {
      const found = await api.issue(wanted)
      if (mine !== asked || wanted !== id.value) return
      detail.value = found
      failed.value = null
      asking.value = false
    } catch (error) {
      if (mine !== asked || wanted !== id.value) return
      asking.value = false
      const gone = error instanceof Refusal && error.problem.status === 404
      failed.value = gone ? 'gone' : 'unreachable'
      if (gone) forget()
      else askIn(3_000)
    }
  }

  /** Also what happens to issues merged into it, whose reporters go on adding, and what is just now merged into it. */
  function touches(fact: Fact): boolean {
    if (id.value === null) return false
    const matter = new Set<unknown>([id.value, ...(detail.value?.merged ?? []).map((one) => one.id)])
    if ([fact.object.id, fact.card.issue, fact.card.merged_into].some((one) => matter.has(one))) return true
    return detail.value?.orders.some((order) => order.id === fact.card.order) ?? false
  }

  objects.onFact((fact) => {
    if (touches(fact)) askIn(QUIET_MS)
  })

  objects.onLost((object) => {
    const now = detail.value
    if (id.value === null) return
    if (object && object.id !== id.value && !now?.orders.some((order) => order.id === object.id)) return
    clear.value = new Map()
    void fetch()
  })

  /** Who did the last step and when, the state since, and what is open now. */
  function lastStep(): string {
    const now = detail.value
    const last = [...(now?.timeline ?? [])].reverse().find((entry) => !BESIDE.has(entry.object_kind))
    if (!now || !last) return zh.verbs.stale
    const who = last.by.name ?? last.by.unit ?? zh.verbs.someone
    const open = now.open_verbs.map((verb) => wordFor(VERBS, verb)).join(zh.common.and)
    return [
      zh.verbs.first(who, clockTime(last.at), VERBS[verbOf(last.name)] ?? wordFor(FACTS, last.name)),
      zh.verbs.nowState(wordFor(STATES, now.card.state)),
      open ? zh.verbs.openVerbs(open) : '',
    ].join('')
  }

  /**
   * After a 409 or 412: fetches afresh and says who was first and what can be done now. Null when nobody was: since `seen`
   * nothing has happened, and the refusal's own words say why.
   */
  async function whoWasFirst(seen: number | undefined): Promise<string | null> {
    await fetch()
    return version.value === undefined || version.value === seen ? null : `${zh.verbs.notDone}${lastStep()}`
  }

  function revealed(reports: readonly ReportDetail[]): void {
    clear.value = new Map(reports.map((report) => [report.id, report]))
  }

  return { id, detail, card, version, behind, clear, failed, select, fetch, revealed, lastStep, whoWasFirst }
})

/**
 * What others have changed about issues since this person looked: told by the server at load, by facts from there on.
 *
 * Looking is no fact: another screen of the same person hears of it when it asks again.
 */

import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { api } from '@/api/calls'
import type { MarkedIssue, UnseenChange } from '@/api/calls'
import type { IssueCard } from '@/api/cards'
import type { Fact } from '@/shared/protocol'
import { useObjects } from './objects'
import { useSession } from './session'

const AGAIN_MS = 60_000
const QUIET_MS = 300

export interface Mark {
  changes: readonly UnseenChange[]
  /** Of what has ended: it is on no board. */
  ended: { version: number; card: IssueCard } | null
}

export const useUnseen = defineStore('unseen', () => {
  const objects = useObjects()
  const session = useSession()
  const marks = shallowRef<ReadonlyMap<string, Mark>>(new Map())
  let names: ReadonlySet<string> | null = null
  let endings: ReadonlySet<string> = new Set()
  /** How far this screen has shown each issue: an answer that was under way does not bring its marks back. */
  const looked = new Map<string, number>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let started = false
  let asked = 0

  function put(id: string, mark: Mark | null): void {
    const next = new Map(marks.value)
    if (mark && mark.changes.length > 0) next.set(id, mark)
    else next.delete(id)
    marks.value = next
  }

  async function load(): Promise<void> {
    clearTimeout(timer)
    timer = setTimeout(() => void load(), AGAIN_MS)
    const mine = (asked += 1)
    try {
      const found = await api.unseen()
      if (mine !== asked) return
      const early = names === null
      names = new Set(found.names)
      endings = new Set(found.names_for_members)
      const next = new Map(found.issues.map((one) => [one.id, markOf(one)]))
      for (const [id, { changes }] of marks.value) {
        const later = changes.filter((change) => change.seq > found.seq)
        const have = next.get(id)
        if (later.length) next.set(id, { changes: [...(have?.changes ?? []).filter((one) => one.seq <= found.seq), ...later], ended: have?.ended ?? null })
      }
      for (const [id, mark] of next) {
        const left = mark.changes.filter((change) => change.seq > (looked.get(id) ?? 0))
        if (left.length) next.set(id, { ...mark, changes: left })
        else next.delete(id)
      }
      marks.value = next
      if (early) soon() // what came while nobody knew which facts mark
    } catch {
      // the next round asks again
    }
  }

  function soon(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void load(), QUIET_MS)
  }

  function hear(fact: Fact, through: number): void {
    const ended = fact.object.kind === 'issue' && !fact.card.open
    if (ended) put(fact.object.id, null)
    if (names === null || !(names.has(fact.name) || (ended && endings.has(fact.name)))) return
    if (fact.body.by === `person:${session.session?.person.id ?? ''}`) return
    const id = fact.object.kind === 'issue' ? fact.object.id : String(fact.card.issue)
    if (ended || objects.get('issue', id) === null) return soon() // ended, or merged into another: the server knows where it belongs
    const danger = fact.body.danger ?? []
    const have = marks.value.get(id)
    if (have?.changes.some((change) => change.seq === through)) return
    put(id, { changes: [...(have?.changes ?? []), { seq: through, at: fact.at, name: fact.name, danger }], ended: null })
  }

  /** Begins to mark, once. A wall never does. */
  function start(): void {
    if (started) return
    started = true
    void load()
    objects.onFact(hear)
    objects.onLost((object) => {
      if (object === null) soon()
      else if (object.kind === 'issue') put(object.id, null)
    })
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') soon()
    })
  }

  /** The issue was drawn with all that is known of it: its marks are gone. What they were. */
  function look(id: string): readonly UnseenChange[] {
    const changes = marks.value.get(id)?.changes ?? []
    const seq = Math.max(0, ...changes.map((change) => change.seq))
    if (seq === 0) return []
    looked.set(id, seq)
    put(id, null)
    api.look(id, seq).catch(() => {
      if (looked.get(id) === seq) looked.delete(id) // the next round marks it again
    })
    return changes
  }

  /** The issues in which words of danger were said that this person has not read. */
  const dangerous = computed<ReadonlySet<string>>(
    () => new Set([...marks.value].filter(([, mark]) => mark.changes.some((change) => change.danger.length > 0)).map(([id]) => id)),
  )
  const ids = computed<ReadonlySet<string>>(() => new Set(marks.value.keys()))

  return { marks, ids, dangerous, start, load, look }
})

const markOf = (one: MarkedIssue): Mark => ({
  changes: one.changes,
  ended: one.card && one.version !== null ? { version: one.version, card: one.card } : null,
})

/** One issue in detail: fetched over HTTP, fetched again when a fact touches it. */

import { computed, ref, shallowRef, watch } from 'vue'
import type { ComputedRef, Ref, ShallowRef } from 'vue'
import { api } from '@/api/calls'
import type { IssueDetail } from '@/api/calls'
import { Refusal } from '@/api/client'
import type { IssueCard } from '@/api/cards'
import type { Fact } from '@/shared/protocol'
import { useObjects } from '@/shared/stores/objects'

const SETTLED_MS = 60 // who runs down a list asks for the last one only
const QUIET_MS = 120 // several facts of one action make one request
const AGAIN_MS = 3_000

export interface OneIssue {
  detail: ShallowRef<IssueDetail | null>
  card: ComputedRef<IssueCard | null>
  /** Of what one reads, not of what was fetched last: who acts at once on a change that was told acts on its version. */
  version: ComputedRef<number | undefined>
  /** What was fetched is older than what was told of it, or may be: verbs, orders and texts follow. */
  behind: ComputedRef<boolean>
  failed: Ref<'gone' | 'unreachable' | null>
  fetch: () => Promise<void>
}

/**
 * Follows the issue that `id` names; null follows none.
 *
 * forget   called when what was read of it may not be this person's to see any more: another was chosen, it has left the scope,
 *          or an object of it has
 */
export function followIssue(id: Readonly<Ref<string | null>>, forget: () => void = () => undefined): OneIssue {
  const objects = useObjects()
  const detail = shallowRef<IssueDetail | null>(null)
  const failed = ref<'gone' | 'unreachable' | null>(null)
  /** It is being asked for, or soon will be. */
  const asking = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  /** The issue as last told: the store's while it is open, else the detail's own. */
  const newest = computed<{ version: number; card: IssueCard } | null>(() => {
    void objects.revision
    if (id.value === null) return null
    const told = objects.get('issue', id.value)
    const own = detail.value?.id === id.value ? detail.value : null
    return told && (!own || told.version >= own.version) ? told : own
  })
  const card = computed(() => newest.value?.card ?? null)
  const behind = computed(() => asking.value || (detail.value?.version ?? 0) < (newest.value?.version ?? 0))
  const version = computed(() => (detail.value?.id === id.value ? newest.value?.version : undefined))

  function askIn(ms: number): void {
    clearTimeout(timer)
    asking.value = true
    timer = setTimeout(() => void fetch(), ms)
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
      if (gone) {
        detail.value = null
        forget()
      } else askIn(AGAIN_MS)
    }
  }

  watch(
    id,
    (next) => {
      detail.value = null
      failed.value = null
      forget()
      clearTimeout(timer)
      if (next !== null) askIn(SETTLED_MS)
    },
    { flush: 'sync' },
  )
  if (id.value !== null) askIn(0)

  /** Also what happens to issues merged into it, whose reporters go on adding, and what is just now merged into it. */
  function touches(fact: Fact): boolean {
    if (id.value === null) return false
    const matter = new Set<unknown>([id.value, ...(detail.value?.merged ?? []).map((one) => one.id)])
    if ([fact.object.id, fact.card.issue, fact.card.merged_into].some((one) => matter.has(one))) return true
    const order = fact.card.order
    if (typeof order !== 'string') return false
    if (detail.value?.orders.some((one) => one.id === order)) return true
    // Its receipt may come before the answer that holds the order, and after that answer was read.
    return matter.has(objects.get('order', order)?.card.issue)
  }

  objects.onFact((fact) => {
    if (touches(fact)) askIn(QUIET_MS)
  })

  objects.onLost((object) => {
    if (id.value === null) return
    if (object && object.id !== id.value && !detail.value?.orders.some((order) => order.id === object.id)) return
    forget()
    void fetch()
  })

  return { detail, card, version, behind, failed, fetch }
}

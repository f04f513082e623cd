/** The desk's lists of what waits for a person: no sure place, a ruling, an answer to who reported. */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/calls'
import type { Unanswered } from '@/api/calls'
import { clock } from '@/shared/clock'
import { rowOf } from '@/shared/board'
import type { Row } from '@/shared/board'
import { useObjects } from '@/shared/stores/objects'
import { useBoard } from '@/shared/stores/board'
import { useSession } from '@/shared/stores/session'
import { useUnseen } from '@/shared/stores/unseen'

const BY_MEMBERS = 'grid_report' // the channel of grid members' phones
const AGAIN_MS = 60_000
const QUIET_MS = 2_000

export const useLists = defineStore('lists', () => {
  const objects = useObjects()
  const session = useSession()
  const boards = useBoard()
  const unseen = useUnseen()
  const waiting = shallowRef<readonly Unanswered[]>([])
  const total = ref(0)
  /** So many pages of it are on the screen, and are asked for again. */
  let pages = 1
  const asked = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Issues of which some report's circle met several cells, or none. */
  const unplaced = computed<ReadonlySet<string>>(() => {
    void objects.revision
    const found = [...objects.each('report')].filter((report) => report.card.placing !== 'placed')
    return new Set(found.map((report) => report.card.issue))
  })
  const returns = computed<ReadonlySet<string>>(() => {
    void objects.revision
    return new Set([...objects.each('return_request')].map((request) => request.card.issue))
  })

  /** What grid members sent, where a township's or community's desk looks. */
  const members = computed<ReadonlySet<string>>(() => {
    if (!session.ownCentre) return new Set()
    const rows = boards.board.rows.filter((row) => row.card.channel === BY_MEMBERS)
    return new Set(rows.map((row) => row.id))
  })

  const unanswered = computed<ReadonlySet<string>>(() => new Set(waiting.value.map((one) => one.id)))
  /** Whose reporter waits, who began to wait last first; what has ended is on no board and is here all the same. */
  const unansweredRows = computed<readonly Row[]>(() => {
    const open = new Map(boards.board.rows.map((row) => [row.id, row]))
    return waiting.value.map((one) => open.get(one.id) ?? rowOf(one.id, one.version, one.card, clock.now()))
  })
  /** So many are still to be asked for. */
  const unansweredLeft = computed(() => Math.max(0, total.value - waiting.value.length))

  async function load(): Promise<void> {
    clearTimeout(timer)
    try {
      let page = await api.unanswered()
      const found = [...page.issues]
      for (let read = 1; read < pages && page.cursor !== null; read += 1) {
        page = await api.unanswered(page.cursor)
        found.push(...page.issues)
      }
      const known = new Set<string>()
      waiting.value = found.filter((one) => !known.has(one.id) && known.add(one.id))
      total.value = Math.max(page.total, waiting.value.length)
    } catch {
      // the next round tries again
    }
    timer = setTimeout(() => void load(), AGAIN_MS)
  }

  async function moreUnanswered(): Promise<void> {
    pages += 1
    await load()
  }

  /** Begins to ask who waits for an answer; replies and closings are asked after at once. */
  function start(): void {
    if (asked.value || !session.may('replies.make')) return
    asked.value = true
    void load()
    objects.onFact((fact) => {
      if (!/reply|closed|declined|accepted|added|reopened|voided|reconsidered|merged/.test(fact.name)) return
      clearTimeout(timer)
      timer = setTimeout(() => void load(), QUIET_MS)
    })
  }
  watch(
    () => session.session,
    (now) => {
      if (now) start()
    },
    { immediate: true },
  )

  /** What others have changed since this person looked, in the board's order, then what has ended. */
  const unseenRows = computed<readonly Row[]>(() => {
    const open = boards.board.rows.filter((row) => unseen.ids.has(row.id))
    const ended = [...unseen.marks].flatMap(([id, mark]) => (mark.ended ? [rowOf(id, mark.ended.version, mark.ended.card, clock.now())] : []))
    return [...open, ...ended]
  })
  const changed = computed<ReadonlySet<string>>(() => new Set(unseenRows.value.map((row) => row.id)))

  return { unseen: changed, unseenRows, unplaced, returns, unanswered, unansweredTotal: total, unansweredLeft, unansweredRows, moreUnanswered, members }
})

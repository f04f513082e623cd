/** The desk's lists of what waits for a person: no sure place, a ruling, an answer to who reported. */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/calls'
import type { Unanswered } from '@/api/calls'
import { clock } from '@/shared/clock'
import { rowOf } from '@/shared/board'
import type { Row } from '@/shared/board'
import type { ReportCard, ReturnRequestCard } from '@/shared/protocol'
import { useObjects } from '@/shared/stores/objects'
import { useBoard } from '@/shared/stores/board'
import { useSession } from '@/shared/stores/session'

const BY_MEMBERS = 'grid_report' // the channel of grid members' phones
const AGAIN_MS = 60_000
const MOST = 200 // as dispatch/replies/waiting.py
const QUIET_MS = 2_000

export const useLists = defineStore('lists', () => {
  const objects = useObjects()
  const session = useSession()
  const boards = useBoard()
  const waiting = shallowRef<readonly Unanswered[]>([])
  const asked = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Issues of which some report's circle met several cells, or none. */
  const unplaced = computed<ReadonlySet<string>>(() => {
    void objects.revision
    const found = [...objects.each<ReportCard>('report')].filter((report) => report.card.placing !== 'placed')
    return new Set(found.map((report) => report.card.issue))
  })
  const returns = computed<ReadonlySet<string>>(() => {
    void objects.revision
    return new Set([...objects.each<ReturnRequestCard>('return_request')].map((request) => request.card.issue))
  })

  /** What grid members sent, where a township's or community's desk looks. */
  const members = computed<ReadonlySet<string>>(() => {
    if (!session.ownCentre) return new Set()
    const rows = boards.board.rows.filter((row) => row.card.channel === BY_MEMBERS)
    return new Set(rows.map((row) => row.id))
  })

  const unanswered = computed<ReadonlySet<string>>(() => new Set(waiting.value.map((one) => one.id)))
  /** What has ended and is on no board, but whose reporter still waits for an answer; the longest waiting first. */
  const ended = computed<readonly Row[]>(() => {
    const open = new Set(boards.board.rows.map((row) => row.id))
    return waiting.value.filter((one) => !open.has(one.id)).map((one) => rowOf(one.id, one.version, one.card, clock.now()))
  })

  async function load(): Promise<void> {
    clearTimeout(timer)
    try {
      const found = await api.unanswered()
      waiting.value = found
    } catch {
      // the next round tries again
    }
    timer = setTimeout(() => void load(), AGAIN_MS)
  }

  /** Begins to ask who waits for an answer; replies and closings are asked after at once. */
  function start(): void {
    if (asked.value || !session.may('replies.make')) return
    asked.value = true
    void load()
    objects.onFact((fact) => {
      if (!/reply|replied|closed|declined|verified/.test(fact.name)) return
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

  /** The server names the longest waiting only: there are more than these. */
  const unansweredCut = computed(() => waiting.value.length >= MOST)

  return { unplaced, returns, unanswered, unansweredCut, ended, members }
})

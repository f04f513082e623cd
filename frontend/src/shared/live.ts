/** Ties socket, store and link state of one page together. */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/calls'
import { clock } from './clock'
import { isLoud, judge } from './link'
import type { Heard, Verdict } from './link'
import type { Beat } from './protocol'
import { LiveSocket } from './socket'
import type { Phase, Ticket } from './socket'
import { useObjects } from './stores/objects'
import { useSession } from './stores/session'
import { useTime } from './time'
import { newUuid } from './uuid'

const DEVICE_KEY = 'relay60.device'

/** This browser's own id, told with each ticket: cursors and receipts are kept per device. */
export function deviceId(): string {
  const kept = localStorage.getItem(DEVICE_KEY)
  if (kept) return kept
  const made = newUuid()
  localStorage.setItem(DEVICE_KEY, made)
  return made
}

const HIDDEN_MS = 50
const LONGEST_FRAME_MS = 250

/** Runs once, before the next drawing. A hidden page draws nothing, nor does one that is hidden just now, but both must keep up. */
export function beforeDrawing(run: () => void): void {
  let ran = false
  const once = (): void => {
    if (ran) return
    ran = true
    clearTimeout(timer)
    run()
  }
  const hidden = document.visibilityState === 'hidden'
  const timer = setTimeout(once, hidden ? HIDDEN_MS : LONGEST_FRAME_MS)
  if (!hidden) requestAnimationFrame(once)
}

export interface LiveOptions {
  signedOut(): void
  ticket?(): Promise<Ticket>
}

export const useLive = defineStore('live', () => {
  const objects = useObjects()
  const time = useTime()
  const session = useSession()
  const phase = ref<Phase>('idle')
  const heard = shallowRef<Heard>({
    open: false,
    frameAt: null,
    beatAt: null,
    serverTime: null,
    verifiedAt: null,
    wroteAt: null,
    timerAt: null,
    workerAt: null,
    since: clock.lived(),
  })
  const beat = shallowRef<Beat | null>(null)
  let frameAt: number | null = null
  let socket: LiveSocket | null = null

  const verdict = computed<Verdict>(() => {
    void time.now // judged anew each second
    return judge({ ...heard.value, frameAt }, clock.lived())
  })
  /** Whether what is drawn may be false. Once it may, it stays so until a beat proves it again: an open line proves nothing. */
  const loud = ref(false)
  watch(
    verdict,
    (now) => {
      if (isLoud(now)) loud.value = true
      else if (now.state === 'live' || now.state === 'late') loud.value = false
    },
    { flush: 'sync', immediate: true },
  )
  /** Without a session nothing is live, although the socket may not know of it yet. */
  watch(
    () => session.ended,
    (ended) => {
      if (!ended) return
      stop()
      loud.value = true
    },
    { flush: 'sync' },
  )
  /** Seconds since the last beat. */
  const beatAgeS = computed(() => {
    void time.now
    return heard.value.beatAt === null ? null : Math.floor((clock.lived() - heard.value.beatAt) / 1000)
  })

  /** The server's instant of which all that is drawn is known to be true; null before the first beat. */
  const knownAt = computed(() => heard.value.verifiedAt)

  /** Begins, or begins again after `stop` or a lost session (the options of the first time hold). */
  function start(options: LiveOptions): void {
    if (socket) return socket.start()
    heard.value = { ...heard.value, since: clock.lived() }
    time.start()
    objects.connect({ schedule: beforeDrawing, fetchObject: (ref) => api.object(ref.kind, ref.id) })
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const made = new LiveSocket(
      {
        open: () => LiveSocket.dial(`${scheme}://${location.host}/live`),
        fetchTicket: options.ticket ?? (() => api.ticket(deviceId())),
        fetchSnapshot: api.snapshot,
        after: (ms, run) => {
          const timer = setTimeout(run, ms)
          return () => {
            clearTimeout(timer)
          }
        },
        random: Math.random,
      },
      {
        cleared: objects.clear,
        loaded(snapshot) {
          objects.load(snapshot)
          afterDrawing(snapshot.seq)
        },
        changed: objects.take,
        beat: takeBeat,
        heard: () => (frameAt = clock.lived()),
        phase(now) {
          phase.value = now
          // A beat from before the cut proves nothing about this socket.
          heard.value = { ...heard.value, open: now === 'live', beatAt: now === 'live' ? null : heard.value.beatAt }
        },
        signedOut: options.signedOut,
      },
    )
    socket = made
    objects.onCommit(afterDrawing)
    const nudge = (): void => {
      made.nudge(frameAt === null ? 0 : clock.lived() - frameAt)
    }
    window.addEventListener('online', nudge)
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') nudge()
    })
    watch(loud, () => {
      if (phase.value === 'live') nudge() // a machine that wakes may have slept with the page in view
    })
    made.start()
  }

  function takeBeat(now: Beat): void {
    beat.value = now
    const ms = (at: string | null): number | null => (at === null ? null : Date.parse(at))
    heard.value = {
      ...heard.value,
      beatAt: clock.lived() - clock.delayOf(now.server_time),
      serverTime: Date.parse(now.server_time),
      verifiedAt: ms(now.verified_at),
      wroteAt: ms(now.wrote_at),
      timerAt: ms(now.timer_at),
      workerAt: ms(now.worker_at),
    }
    if (objects.loaded) afterDrawing(now.through)
  }

  /** What was committed is on the glass after the frame that follows; what is hidden is not displayed. */
  function afterDrawing(through: number): void {
    if (document.visibilityState === 'hidden') return
    requestAnimationFrame(() => requestAnimationFrame(() => socket?.displayed(through)))
  }

  function stop(): void {
    socket?.stop()
  }

  return { phase, verdict, loud, beat, beatAgeS, knownAt, start, stop }
})

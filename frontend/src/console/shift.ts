/**
 * A desk's shift: a call sounds while an urgent matter waits for acceptance. The shift is kept on this device for this person,
 * so that a reload does not end it; a matter may be muted for some minutes, and only that one.
 */

import { defineStore } from 'pinia'
import { computed, onScopeDispose, ref, watch } from 'vue'
import { clock } from '@/shared/clock'
import { holdRelease, untouchedMs } from '@/shared/release'
import { useSpeaker } from '@/shared/sound'
import type { Tone } from '@/shared/sound'
import { useBoard } from '@/shared/stores/board'
import { useSession } from '@/shared/stores/session'
import { useTime } from '@/shared/time'

export const MUTED_MIN = 5
const EVERY_MS = 4_000
const KEPT_MS = 24 * 3_600_000 // a shift's length: one that nobody has seen since is over
const SEEN_EVERY_MS = 60_000
const NOBODY_MS = 120_000
const CALL: readonly Tone[] = [
  { hertz: 880, at: 0, seconds: 0.18, loudness: 0.25 },
  { hertz: 660, at: 0.22, seconds: 0.18, loudness: 0.25 },
  { hertz: 880, at: 0.44, seconds: 0.18, loudness: 0.25 },
]
const BEGINS: readonly Tone[] = [{ hertz: 660, at: 0, seconds: 0.18, loudness: 0.15 }]

interface Kept {
  /** Server's ms. */
  seen: number
  /** Until when each matter is muted. */
  muted: Record<string, number>
}

export const useShift = defineStore('shift', () => {
  const boards = useBoard()
  const session = useSession()
  const time = useTime()
  const speaker = useSpeaker()
  const on = ref(false)
  const muted = ref<Record<string, number>>({})
  const keyOf = (): string => `relay60.shift.${session.session?.person.id ?? ''}`

  const pinned = computed(() => boards.board.rows.filter((row) => row.pinned))
  const waiting = computed(() => pinned.value.map((row) => row.id))
  /** Of these, pinned for words of danger that came later: nothing of it waits to be accepted. */
  const dangers = computed(() => pinned.value.filter(({ card }) => !card.urgent || card.state !== 'reported').length)
  const ringing = computed(() => waiting.value.filter((id) => (muted.value[id] ?? 0) <= time.now))
  /** When the first of the muted ones is heard again. */
  const mutedUntil = computed(() => Math.min(...waiting.value.map((id) => muted.value[id] ?? 0).filter((until) => until > time.now)))
  /** On shift, and nobody would hear it. */
  const silent = computed(() => on.value && speaker.hearing.value === 'silent')

  function keep(): void {
    if (on.value) localStorage.setItem(keyOf(), JSON.stringify({ seen: clock.now(), muted: muted.value } satisfies Kept))
    else localStorage.removeItem(keyOf())
  }

  function begin(): void {
    on.value = true
    speaker.wake()
    keep()
  }

  function end(): void {
    on.value = false
    muted.value = {}
    speaker.rest()
    keep()
  }

  /** The button: who presses it on a desk that can't be heard wants to hear, and not to end the shift. */
  function press(): void {
    if (!on.value) begin()
    else if (speaker.hearing.value === 'running' && !speaker.justMended()) end()
    else speaker.wake()
  }

  /** Takes up the shift that this person had begun on this device, if there was one. */
  function takeUp(): void {
    const kept = JSON.parse(localStorage.getItem(keyOf()) ?? 'null') as Kept | null
    if (!kept || clock.now() - kept.seen > KEPT_MS) return
    muted.value = kept.muted
    begin()
  }

  /** Mutes what rings now, each matter for itself: what comes after it is heard at once. */
  function mute(ids: readonly string[] = ringing.value): void {
    const until = time.now + MUTED_MIN * 60_000
    const waits = new Set(waiting.value)
    const still = Object.entries(muted.value).filter(([id]) => waits.has(id))
    muted.value = Object.fromEntries([...still, ...ids.map((id) => [id, until] as const)])
    keep()
  }

  function unmute(): void {
    muted.value = {}
    keep()
  }

  /** Sounds once as a call does: whether it is really heard, a person says. */
  function ring(): void {
    speaker.play(CALL)
  }

  /** It also sounds when the desk is no longer live for want of a session. */
  const calls = (): boolean => on.value && (ringing.value.length > 0 || session.ended)
  function call(): void {
    if (calls()) speaker.play(CALL)
  }
  watch(() => session.ended, call)
  watch(ringing, (now, before) => {
    if (now.some((id) => !before.includes(id))) call() // a new one, or one whose muting is over, is heard at once
  })
  let timer: ReturnType<typeof setInterval> | undefined
  watch(speaker.hearing, (now) => {
    clearInterval(timer)
    if (now !== 'running') return
    if (calls()) call()
    else speaker.play(BEGINS)
    timer = setInterval(call, EVERY_MS)
  })

  // Before the first board is there nothing is known of what waits; who it is, is.
  watch(
    () => session.session?.person.id,
    (now) => {
      if (now && (session.may('issues.accept') || session.may('issues.accept_in_township'))) takeUp()
    },
    { immediate: true },
  )
  const seen = setInterval(() => {
    if (on.value) keep()
  }, SEEN_EVERY_MS)
  // A page that loads itself anew may lose its sound: it does so while somebody is there to see that.
  const release = holdRelease(() => on.value && untouchedMs() > NOBODY_MS)
  onScopeDispose(() => {
    clearInterval(timer)
    clearInterval(seen)
    release()
  })

  return { on, silent, why: speaker.why, hearing: speaker.hearing, waiting, dangers, ringing, mutedUntil, begin, end, press, ring, mute, unmute, wake: speaker.wake }
})

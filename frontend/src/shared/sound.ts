/**
 * A page's own tones, and whether they can really be heard. A browser lets a page sound only after a press, takes that back
 * when it likes, and tells nobody: so the machine is asked, and asked again.
 */

import { onScopeDispose, ref } from 'vue'
import type { Ref } from 'vue'
import { clock } from './clock'

/** `waking`: asked for, not known yet. `silent`: asked for, and nothing comes out. */
export type Hearing = 'off' | 'waking' | 'running' | 'silent'
/** Of a silent page: its browser forbids it, or the machine has nothing to sound with. */
export type Silence = 'refused' | 'none'

export interface Tone {
  hertz: number
  /** Seconds after the call. */
  at: number
  seconds: number
  loudness: number
}

const WAKES_WITHIN_MS = 1_500
const LOOK_EVERY_MS = 5_000
const MENDED_MS = 1_000

export interface Speaker {
  hearing: Ref<Hearing>
  why: Ref<Silence>
  /** Asks for sound; from a press it is given. */
  wake(): void
  /** It came back just now: the press that is still under way gave it back, and means nothing else. */
  justMended(): boolean
  /** No sound is wanted any more. */
  rest(): void
  play(tones: readonly Tone[]): void
}

/** Shakes the telephone; 0 stops it. Before the first press a browser forbids it, and complains of each try. */
export function vibrate(pattern: number[] | 0): void {
  if ('vibrate' in navigator && (navigator.userActivation as UserActivation | undefined)?.hasBeenActive !== false) navigator.vibrate(pattern)
}

export function useSpeaker(): Speaker {
  const hearing = ref<Hearing>('off')
  const why = ref<Silence>('refused')
  let audio: AudioContext | null = null
  let since = 0
  let mendedAt = -MENDED_MS
  let timer: ReturnType<typeof setTimeout> | undefined

  /** Whether the machine's sound moves on: a context may call itself running whose output is gone. */
  function look(): void {
    clearTimeout(timer)
    if (hearing.value === 'off') return
    timer = setTimeout(look, LOOK_EVERY_MS)
    const moves = audio?.state === 'running' && audio.currentTime > since
    since = audio?.currentTime ?? 0
    why.value = audio === null || (audio.state === 'running' && !moves) ? 'none' : 'refused'
    if (moves && hearing.value === 'silent') mendedAt = clock.ticks()
    hearing.value = moves ? 'running' : 'silent'
  }

  function wake(): void {
    if (hearing.value === 'off') hearing.value = 'waking'
    try {
      if (!audio) {
        audio = new AudioContext()
        audio.addEventListener('statechange', () => {
          if (audio?.state === 'running') since = -1
          look()
        })
      }
      audio.resume().catch(() => undefined) // what became of it is looked at
    } catch {
      audio = null
    }
    clearTimeout(timer)
    timer = setTimeout(look, WAKES_WITHIN_MS)
  }

  function rest(): void {
    clearTimeout(timer)
    hearing.value = 'off'
  }

  function play(tones: readonly Tone[]): void {
    if (audio?.state !== 'running') return
    for (const { hertz, at, seconds, loudness } of tones) {
      const begins = audio.currentTime + at
      const voice = audio.createOscillator()
      const volume = audio.createGain()
      voice.frequency.value = hertz
      volume.gain.setValueAtTime(0.0001, begins)
      volume.gain.exponentialRampToValueAtTime(loudness, begins + 0.02)
      volume.gain.exponentialRampToValueAtTime(0.0001, begins + seconds)
      voice.connect(volume).connect(audio.destination)
      voice.start(begins)
      voice.stop(begins + seconds)
    }
  }

  /** Whatever is pressed on a silent page gives the sound back. */
  const press = (): void => {
    if (hearing.value === 'silent' || hearing.value === 'waking') wake()
  }
  window.addEventListener('pointerdown', press, true)
  window.addEventListener('keydown', press, true)
  onScopeDispose(() => {
    rest()
    window.removeEventListener('pointerdown', press, true)
    window.removeEventListener('keydown', press, true)
    void audio?.close()
  })

  const justMended = (): boolean => clock.ticks() - mendedAt < MENDED_MS
  return { hearing, why, wake, justMended, rest, play }
}

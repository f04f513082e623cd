/** A sound while an urgent issue waits for acceptance. A browser sounds only after a press: the person starts the shift. */

import { ref, watch } from 'vue'
import type { Ref } from 'vue'

const EVERY_MS = 4_000
const TONES: readonly (readonly [hertz: number, at: number])[] = [
  [880, 0],
  [660, 0.22],
  [880, 0.44],
]
const TONE_S = 0.18

/** Plays one call. */
function call(audio: AudioContext): void {
  for (const [hertz, at] of TONES) {
    const tone = audio.createOscillator()
    const loudness = audio.createGain()
    tone.frequency.value = hertz
    loudness.gain.setValueAtTime(0.0001, audio.currentTime + at)
    loudness.gain.exponentialRampToValueAtTime(0.25, audio.currentTime + at + 0.02)
    loudness.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + TONE_S)
    tone.connect(loudness).connect(audio.destination)
    tone.start(audio.currentTime + at)
    tone.stop(audio.currentTime + at + TONE_S)
  }
}

export function useAlarm(waiting: Ref<number>) {
  const on = ref(false)
  let audio: AudioContext | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  function sound(): void {
    clearInterval(timer)
    if (!on.value || waiting.value === 0 || !audio) return
    const context = audio
    call(context)
    timer = setInterval(() => {
      call(context)
    }, EVERY_MS)
  }

  /** Begins or ends the shift's sound. */
  function toggle(): void {
    on.value = !on.value
    if (on.value) {
      audio ??= new AudioContext()
      void audio.resume()
    }
    sound()
  }

  watch(waiting, (now, before) => {
    if (now === 0 || now > before || before === 0) sound()
  })

  return { on, toggle }
}

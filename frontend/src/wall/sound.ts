/** Two tones for a new alarm, on walls that have somebody: asked for by a click, kept on this screen, and told when nobody would hear them. */

import { ref, watch } from 'vue'
import { useSpeaker } from '@/shared/sound'
import type { Tone } from '@/shared/sound'

const KEPT = 'relay60.wall.sound'
const ALARM: readonly Tone[] = [
  { hertz: 880, at: 0, seconds: 0.25, loudness: 0.2 },
  { hertz: 660, at: 0.3, seconds: 0.25, loudness: 0.2 },
]

export function useSound() {
  const speaker = useSpeaker()
  const on = ref(localStorage.getItem(KEPT) !== null)

  function ring(): void {
    if (on.value) speaker.play(ALARM)
  }

  /** Called by a click: from now on alarms are heard, or no longer; on a silent wall they are to be heard again. */
  function toggle(): void {
    if (on.value && (speaker.hearing.value !== 'running' || speaker.justMended())) return speaker.wake()
    on.value = !on.value
    if (on.value) {
      localStorage.setItem(KEPT, 'on')
      speaker.wake()
    } else {
      localStorage.removeItem(KEPT)
      speaker.rest()
    }
  }

  watch(speaker.hearing, (now) => {
    if (now === 'running') ring() // so that one knows
  })
  if (on.value) speaker.wake()

  return { on, hearing: speaker.hearing, toggle, ring }
}

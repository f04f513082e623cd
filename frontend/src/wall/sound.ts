/** Two tones for a new alarm, on walls that have somebody: a browser lets a page be heard only after a click. */

import { ref } from 'vue'

const on = ref(false)
let audio: AudioContext | null = null

function tone(context: AudioContext, hertz: number, after: number): void {
  const voice = context.createOscillator()
  const volume = context.createGain()
  voice.frequency.value = hertz
  volume.gain.value = 0.2
  voice.connect(volume).connect(context.destination)
  voice.start(context.currentTime + after)
  voice.stop(context.currentTime + after + 0.25)
}

export function useSound() {
  /** Called by a click: from now on alarms are heard, or no longer. */
  function toggle(): void {
    audio ??= new AudioContext()
    on.value = !on.value
    if (on.value) void audio.resume().then(ring)
  }

  function ring(): void {
    if (!on.value || !audio) return
    tone(audio, 880, 0)
    tone(audio, 660, 0.3)
  }

  return { on, toggle, ring }
}

/** A browser's sound, as far as a few tones need it: it may be forbidden, and may stand still. */

import { vi } from 'vitest'

export class Plug extends EventTarget {
  static made = 0
  static heard: number[] = []
  static forbidden = false
  /** The output is gone, though the context says that it runs. */
  static stuck = false
  state = 'suspended'
  private began = (vi.getMockedSystemTime()?.getTime() ?? 0)
  destination = {}

  constructor() {
    super()
    Plug.made += 1
  }
  get currentTime(): number {
    return this.state === 'running' && !Plug.stuck ? ((vi.getMockedSystemTime()?.getTime() ?? 0) - this.began) / 1000 + 0.001 : 0
  }
  /** As Chromium: a context that is not allowed stays suspended, and its promise open. */
  resume = (): Promise<void> => {
    if (Plug.forbidden) return new Promise(() => undefined)
    if (this.state !== 'running') {
      this.state = 'running'
      this.dispatchEvent(new Event('statechange'))
    }
    return Promise.resolve()
  }
  suspend(): void {
    this.state = 'suspended'
    this.dispatchEvent(new Event('statechange'))
  }
  close = (): Promise<void> => Promise.resolve()
  createGain = (): object => ({ gain: { setValueAtTime: () => undefined, exponentialRampToValueAtTime: () => undefined }, connect: () => undefined })
  createOscillator = (): object => {
    const frequency = { value: 0 }
    return { frequency, connect: (to: object) => to, start: () => Plug.heard.push(frequency.value), stop: () => undefined }
  }
}

export function plugIn(): void {
  Object.assign(Plug, { made: 0, heard: [], forbidden: false, stuck: false })
  vi.stubGlobal('AudioContext', Plug)
}

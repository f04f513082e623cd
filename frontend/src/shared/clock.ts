/**
 * The server's time, as well as this screen can know it. Nothing else in the frontend reads a machine's clock.
 *
 * Built on the monotonic clock, so that somebody changing the PC's time changes no countdown. A sample arrives late by the
 * network's delay, never early: the largest offset of the last minute is the nearest to the truth.
 */

const SAMPLES = 12 // one minute of beats
const STEP_MS = 2_000 // a jump of more than this (sleep, a stepped server) starts anew

export interface Monotonic {
  (): number
}

export class ServerClock {
  private offsets: number[] = []
  private offset: number | null = null
  private assumed = 0

  constructor(
    private readonly monotonic: Monotonic = () => performance.now(),
    private readonly wall: () => number = () => Date.now(),
  ) {}

  /** Takes in a server's time that has just arrived (RFC 3339). */
  sample(serverTime: string): void {
    const offset = Date.parse(serverTime) - this.monotonic()
    if (Number.isNaN(offset)) return
    if (this.offset !== null && Math.abs(offset - this.offset) > STEP_MS) this.offsets = []
    this.offsets = [...this.offsets, offset].slice(-SAMPLES)
    this.offset = Math.max(...this.offsets)
  }

  /** Milliseconds since 1970 on the server; before the first sample, this machine's own guess. */
  now(): number {
    return this.offset === null ? this.wall() + this.assumed : this.monotonic() + this.offset
  }

  /** How far this machine's own clock is behind the server's, in ms. */
  get skew(): number {
    return this.now() - this.wall()
  }

  /** What was last known of this machine's clock, for as long as no server says better. */
  assume(skew: number): void {
    this.assumed = skew
  }

  /** Milliseconds on a clock that never steps; only differences mean anything. */
  ticks(): number {
    return this.monotonic()
  }

  get synced(): boolean {
    return this.offset !== null
  }
}

export const clock = new ServerClock()

/**
 * The server's time, as well as this screen can know it. Nothing else in the frontend reads a machine's clock.
 *
 * Built on the monotonic clock, so that somebody changing the PC's time changes no countdown. A sample arrives late by the
 * network's delay, never early: the largest offset is the nearest to the truth, and what comes with a smaller one is old.
 */

const STEP_MS = 2_000 // more than this is no network's jitter: the machine slept, a clock was put, or the answer lay waiting
const DRIFT = 0.0005 // two quartzes differ by less; as fast as NTP bends a server's clock

export interface Monotonic {
  (): number
}

export class ServerClock {
  private offset: number | null = null
  private assumed = 0
  private sampledAt = 0
  private apart: number
  private slept = 0

  constructor(
    private readonly monotonic: Monotonic = () => performance.now(),
    private readonly wall: () => number = () => Date.now(),
  ) {
    this.apart = wall() - monotonic()
  }

  /**
   * Takes in a server's time that has just arrived (RFC 3339).
   *
   * @param askedAt `ticks` when it was asked for, where it is an answer: one that came at once is believed even if it puts
   * the time back, as after somebody put the server's clock right. Without it, a time put back is a delay.
   */
  sample(serverTime: string, askedAt?: number): void {
    const ticks = this.monotonic()
    const offset = Date.parse(serverTime) - ticks
    if (Number.isNaN(offset)) return
    const kept = this.offset === null ? offset : this.offset - DRIFT * (ticks - this.sampledAt)
    const atOnce = askedAt !== undefined && ticks - askedAt <= STEP_MS
    this.offset = atOnce && offset < kept - STEP_MS ? offset : Math.max(kept, offset)
    this.sampledAt = ticks
  }

  /** Milliseconds that a server's time has been on its way here; 0 within what a network may do. */
  delayOf(serverTime: string): number {
    const delay = this.now() - Date.parse(serverTime)
    return delay > STEP_MS ? delay : 0
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

  /**
   * Milliseconds that have passed here, with those that the machine slept: a phone's monotonic clock stands still in a
   * pocket. How old a picture is, is judged by this one; a PC's time put forward makes it look older, never younger.
   */
  lived(): number {
    const ticks = this.monotonic()
    const apart = this.wall() - ticks
    const leap = apart - this.apart
    if (Math.abs(leap) > STEP_MS) {
      this.slept += Math.max(0, leap)
      this.apart = apart
    }
    return ticks + this.slept
  }

  get synced(): boolean {
    return this.offset !== null
  }
}

export const clock = new ServerClock()

/** How far the screen can be trusted, from what was heard and when. Pure: a dead part must never look healthy. */

export type LinkState = 'connecting' | 'live' | 'late' | 'stale' | 'offline'
export type Culprit = 'gateway' | 'database' | 'writing' | 'timer' | 'worker'

export interface Heard {
  /** The socket is open and welcomed. */
  open: boolean
  /** Monotonic ms of the last frame; null before the first of this page. */
  frameAt: number | null
  /** Monotonic ms when the last beat was sent, as far as this screen can know: it may have lain on the way. */
  beatAt: number | null
  /** Server's time, and when each part was last known to be well, as the last beat told; ms. */
  serverTime: number | null
  verifiedAt: number | null
  wroteAt: number | null
  timerAt: number | null
  workerAt: number | null
  /** Monotonic ms when the page began to connect. */
  since: number
}

export interface Verdict {
  state: LinkState
  /** Seconds since what is drawn was known to be true; null before anything was. */
  ageS: number | null
  culprit: Culprit | null
}

export const SILENCE_MS = 12_000
export const OLD_MS = 10_000
export const UNWRITTEN_MS = 15_000 // a proof comes every 5 s
export const IDLE_MS = 30_000
const LATE_MS = 7_000 // a beat comes every 5 s

/** The verdict at `ticks` (the same monotonic clock). */
export function judge(heard: Heard, ticks: number): Verdict {
  if (heard.frameAt === null || heard.beatAt === null || heard.serverTime === null) {
    const waited = ticks - (heard.frameAt ?? heard.since)
    if (waited >= SILENCE_MS) return { state: 'offline', ageS: Math.floor(waited / 1000), culprit: 'gateway' }
    return { state: 'connecting', ageS: null, culprit: null }
  }
  const sinceBeat = ticks - heard.beatAt
  const silent = ticks - heard.frameAt
  const lagData = heard.verifiedAt === null ? Infinity : heard.serverTime - heard.verifiedAt
  const ageData = sinceBeat + lagData
  const seconds = (ms: number): number | null => (Number.isFinite(ms) ? Math.max(0, Math.floor(ms / 1000)) : null)

  if (!heard.open) {
    return { state: 'offline', ageS: seconds(ageData), culprit: 'gateway' }
  }
  if (silent >= SILENCE_MS) return { state: 'stale', ageS: seconds(silent), culprit: 'gateway' }
  // Whose fault an old reading is: what was already late in the beat, or the beat that does not come.
  if (ageData > OLD_MS) {
    return { state: 'stale', ageS: seconds(ageData), culprit: lagData > sinceBeat ? 'database' : 'gateway' }
  }
  for (const [part, at, old] of [
    ['writing', heard.wroteAt, UNWRITTEN_MS],
    ['timer', heard.timerAt, OLD_MS],
    ['worker', heard.workerAt, IDLE_MS],
  ] as const) {
    const lag = at === null ? Infinity : heard.serverTime - at
    const age = sinceBeat + lag
    if (age > old) return { state: 'stale', ageS: seconds(age), culprit: lag > sinceBeat ? part : 'gateway' }
  }
  return { state: ageData > LATE_MS ? 'late' : 'live', ageS: seconds(ageData), culprit: null }
}

/** Whether the verdict needs the banner across the screen: stale at once, offline once its picture is as old as that. */
export function isLoud(verdict: Verdict): boolean {
  if (verdict.state === 'stale') return true
  return verdict.state === 'offline' && (verdict.ageS === null || verdict.ageS * 1000 >= OLD_MS)
}

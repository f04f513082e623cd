/** Frames of `/live` and the cards they carry. The law of these shapes is docs/protocol.md. */

export type ClockKind = string // "relay_up", "relay_down_order", "relay_down_issue"; later kinds are drawn too

/** One clock. Instants are RFC 3339, UTC. Its light is a comparison with them (shared/lights.ts); only one that rests has it. */
export interface Clock {
  /** Among the clocks of its issue, on whichever card it stands. */
  id: number
  kind: ClockKind
  started_at: string
  /** From here on its light is amber; null while it is paused. */
  amber_at: string | null
  /** From here on it is red, and breached; null while it is paused. */
  due_at: string | null
  paused_at?: string | null
  /** Of a paused one, instead of both instants: the light that it keeps, and what was left. */
  light?: 'green' | 'amber' | 'red' | null
  left_ms?: number | null
  /** The whole allowance. Pauses don't use it up: after one, `started_at` plus this is before `due_at`. */
  allowance_s: number
  stopped_at?: string | null
  breached_at?: string | null
  /** Ended without being judged: voided, withdrawn, an exercise. */
  uncounted?: boolean
}

export interface CellRef {
  id: string
  code: string
  name: string
  path: string
  tier: string
}

export type Level = 'general' | 'major' | 'special_risk'

export interface IssueCard {
  number: string
  item: string
  level: Level
  urgent: boolean
  sensitive: boolean
  state: string
  open: boolean
  round: number
  cell?: CellRef | null
  responsible: string
  lead?: { order: string; unit: string; state: string } | null
  channel: string
  reported_at: string
  clocks: readonly Clock[]
  outcome?: string | null
  exercise: boolean
  holder?: { unit: string; since: string } | null
  merged_into?: string | null
  reports_merged?: number
  suspended_until?: string | null
  withdrawn_at?: string | null
  emergency_at?: string | null
}

/** A step of the ladder: who was told how far which clock had run. */
export interface EscalationCard {
  issue: string
  order?: string | null
  clock: string
  percent: number
  at: string
  ended_at?: string | null
  told: { unit: string; rank: string; post?: string | null }
  open: boolean
}

/** 退单申请 */
export interface ReturnRequestCard {
  issue: string
  order: string
  from_unit: string
  ground: string
  unit?: string | null
  state: string
  asked_at?: string
  ended_at?: string | null
  open: boolean
}

export interface ReportCard {
  issue: string
  channel: string
  position?: readonly [number, number] | null
  accuracy_m?: number | null
  cell?: CellRef | null
  placing: 'placed' | 'ambiguous' | 'unplaced' | 'no_position'
  received_at: string
  clock?: Clock | null
  open: boolean
}

/** 转办的一棒 */
export interface ForwardCard {
  giver: string
  taker: string
  sent_at: string
  acknowledged_at: string | null
  /** Id of the clock that runs for it. */
  clock: number | null
}

export interface OrderCard {
  issue: string
  number: string
  item: string
  level: Level
  urgent: boolean
  role: string
  unit: string
  state: string
  open: boolean
  round: number
  cell?: CellRef | null
  sent_at: string
  acknowledged_at?: string | null
  clocks: readonly Clock[]
  /** The live ones, from its unit down. */
  forwards?: ForwardCard[]
  rework_count: number
}

export interface ReceiptCard {
  order: string
  addressee: string
  delivered_at?: string | null
  displayed_at?: string | null
  open: boolean
}

/** What every card has: whether the object still belongs on a screen. */
export interface Card {
  open?: boolean
  [field: string]: unknown
}

export interface ObjectRef {
  id: string
  kind: string
}

/** An object as a snapshot or `GET /objects/{kind}/{id}` tells it. */
export interface Versioned extends ObjectRef {
  version: number
  card: Card
}

export interface Fact {
  at: string
  name: string
  object: ObjectRef
  version: number
  card: Card
  body: Record<string, unknown>
  to?: string
}

/** Where a screen is in the feed: all in its scope with seq ≤ `seq` has reached it. */
export interface Cursor {
  epoch: number
  seq: number
  hash: string
  access_version: number
}

export interface Snapshot extends Cursor {
  server_time: string
  objects: Versioned[]
}

interface Position {
  epoch: number
  through: number
  hash: string
}

export interface Welcome extends Position {
  frame: 'welcome'
  centre: string
  server_time: string
  beat_s: number
  access_version: number
}
export interface Reset {
  frame: 'reset'
  reason: string
}
export interface FactFrame extends Position {
  frame: 'fact'
  fact: Fact
}
export interface LeftScope extends Position {
  frame: 'left_scope'
  object: ObjectRef
  version: number
}
export interface Beat extends Position {
  frame: 'beat'
  head: number
  server_time: string
  verified_at: string | null
  wrote_at: string | null
  timer_at: string | null
  worker_at: string | null
}
export interface TicketFrame {
  frame: 'ticket'
  ticket: string
  expires_at: string
}
export interface Drain {
  frame: 'drain'
  reconnect_within_ms: number
}

export type Frame = Welcome | Reset | FactFrame | LeftScope | Beat | TicketFrame | Drain

/** A frame that changes the store: the only two. */
export type Change = FactFrame | LeftScope

const KNOWN = new Set(['welcome', 'reset', 'fact', 'left_scope', 'beat', 'ticket', 'drain'])

/** The frame in a text message; null for what a later server may add. Throws SyntaxError when it is not JSON. */
export function parseFrame(text: string): Frame | null {
  const value = JSON.parse(text) as { frame?: unknown }
  return typeof value.frame === 'string' && KNOWN.has(value.frame) ? (value as Frame) : null
}

/** Makes a forgotten case a compile error. */
export function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`)
}

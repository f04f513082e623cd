/** Frames of `/live`. The law of these shapes is docs/protocol.md. */

import type { Mark } from '@/api/facts'

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

/** A fact: of any part of the server, so of more kinds than the domain's. */
export interface Fact {
  at: string
  name: string
  object: ObjectRef
  version: number
  card: Card
  body: Mark & { by?: string }
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

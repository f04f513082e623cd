/**
 * The only WebSocket. Commands never travel here: it carries facts in, and `hello` and `seen` out.
 *
 * idle → ticket → opening → greeting → live, with resetting (snapshot, then hello again) from greeting or live and
 * waiting (backoff) from anywhere. All that is not the wire comes from outside, so a test drives it without a network.
 */

import { SignedOut } from './signedOut'
import { clock } from './clock'
import { SILENCE_MS } from './link'
import { assertNever, parseFrame } from './protocol'
import type { Beat, Change, Cursor, Frame, Snapshot } from './protocol'

export type Phase = 'idle' | 'ticket' | 'opening' | 'greeting' | 'resetting' | 'live' | 'waiting' | 'stopped'

export interface Ticket {
  ticket: string
  expires_at: string
}

export interface Wire {
  open(): WebSocket
  fetchTicket(): Promise<Ticket>
  fetchSnapshot(): Promise<Snapshot>
  after(ms: number, run: () => void): () => void
  random(): number
}

export interface Listener {
  /** The store must forget everything: a snapshot follows. */
  cleared(): void
  loaded(snapshot: Snapshot): void
  changed(change: Change): void
  beat(beat: Beat): void
  heard(): void
  phase(phase: Phase): void
  /** No session any more. What was loaded stays, until `cleared`. */
  signedOut(): void
}

const DELAYED_BEATS = 3 // in a row: the line holds back what it carries, or somebody put the server's clock back
const BACKOFF_MS = { first: 500, most: 5_000 } // a gateway is back within seconds: no screen may sleep longer than that
const TICKET_MARGIN_MS = 20_000
const SEEN_EVERY_MS = 500 // after drawing; a beat is answered at once

export class LiveSocket {
  phase: Phase = 'idle'
  private socket: WebSocket | null = null
  private ticket: Ticket | null = null
  private cursor: Cursor | null = null
  private failures = 0
  private lost = 0
  private delayed = 0
  private helloAt = 0
  private drawn = 0
  private sent = { through: -1, displayed: -1 }
  private cancelRetry: (() => void) | null = null
  private cancelSilence: (() => void) | null = null
  private cancelSeen: (() => void) | null = null

  constructor(
    private readonly wire: Wire,
    private readonly listener: Listener,
  ) {}

  static dial(url: string): WebSocket {
    return new WebSocket(url)
  }

  start(): void {
    if (this.phase === 'idle' || this.phase === 'stopped') void this.connect()
  }

  stop(): void {
    this.enter('stopped')
    this.drop()
    this.cancelRetry?.()
  }

  /**
   * Tries at once: instead of after the backoff when the network came back, and instead of a socket from which nothing
   * came for too long while the machine slept, timers too.
   *
   * @param silentMs how long nothing came
   */
  nudge(silentMs: number): void {
    if (this.phase === 'live' && silentMs >= SILENCE_MS) this.reconnect(0)
    if (this.phase !== 'waiting') return
    this.cancelRetry?.()
    void this.connect()
  }

  /** Everything up to `through` has been drawn on this screen. */
  displayed(through: number): void {
    this.drawn = Math.max(this.drawn, through)
    if (this.phase !== 'live' || this.cancelSeen) return
    this.cancelSeen = this.wire.after(SEEN_EVERY_MS, () => {
      this.cancelSeen = null
      if (this.phase === 'live') this.sendSeen(false)
    })
  }

  private enter(phase: Phase): void {
    this.phase = phase
    this.listener.phase(phase)
  }

  private async connect(): Promise<void> {
    this.cancelRetry = null
    if (!this.ticket || Date.parse(this.ticket.expires_at) - clock.now() < TICKET_MARGIN_MS) {
      this.enter('ticket')
      try {
        this.ticket = await this.wire.fetchTicket()
      } catch (error) {
        if (this.stopped()) return
        if (error instanceof SignedOut) return this.leave()
        return this.retry()
      }
      if (this.stopped()) return
    }
    this.enter('opening')
    let socket: WebSocket
    try {
      socket = this.wire.open()
    } catch {
      return this.retry()
    }
    this.socket = socket
    // Each handler looks whether its socket is still the one: an old one may speak after it was given up.
    socket.onopen = () => {
      if (socket === this.socket) this.hello()
    }
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (socket === this.socket && typeof event.data === 'string') this.receive(event.data)
    }
    socket.onclose = (event: CloseEvent) => {
      if (socket === this.socket) this.closed(event.code)
    }
    this.watchSilence()
  }

  private stopped(): boolean {
    return this.phase === 'stopped'
  }

  private hello(): void {
    this.enter('greeting')
    this.sent = { through: -1, displayed: -1 }
    this.helloAt = clock.ticks()
    this.send({ frame: 'hello', ticket: this.ticket?.ticket ?? '', cursor: this.cursor })
  }

  private receive(text: string): void {
    let frame: Frame | null
    try {
      frame = parseFrame(text)
    } catch {
      return this.reconnect(null)
    }
    this.watchSilence()
    this.listener.heard()
    if (frame) this.take(frame)
  }

  private take(frame: Frame): void {
    switch (frame.frame) {
      case 'welcome':
        clock.sample(frame.server_time, this.helloAt)
        this.failures = 0
        this.lost = 0
        this.delayed = 0
        this.cursor = { epoch: frame.epoch, seq: frame.through, hash: frame.hash, access_version: frame.access_version }
        this.enter('live')
        return
      case 'reset':
        void this.reset()
        return
      case 'fact':
      case 'left_scope':
        if (this.phase !== 'live') return // between reset and welcome the snapshot has it
        this.advance(frame)
        this.listener.changed(frame)
        return
      case 'beat':
        clock.sample(frame.server_time)
        if (this.phase !== 'live') return
        this.advance(frame)
        this.listener.beat(frame)
        this.delayed = clock.delayOf(frame.server_time) > 0 ? this.delayed + 1 : 0
        if (this.delayed >= DELAYED_BEATS) return this.reconnect(null)
        this.sendSeen(true)
        return
      case 'ticket':
        this.ticket = { ticket: frame.ticket, expires_at: frame.expires_at }
        return
      case 'drain':
        this.reconnect(this.wire.random() * frame.reconnect_within_ms)
        return
      default:
        assertNever(frame)
    }
  }

  private advance(at: { epoch: number; through: number; hash: string }): void {
    if (this.cursor) this.cursor = { ...this.cursor, epoch: at.epoch, seq: at.through, hash: at.hash }
  }

  private async reset(): Promise<void> {
    const socket = this.socket
    this.forget()
    this.enter('resetting')
    this.cancelSilence?.() // nothing comes until the next hello; the request has its own limit
    try {
      const snapshot = await this.wire.fetchSnapshot()
      if (socket !== this.socket || this.phase !== 'resetting') return
      clock.sample(snapshot.server_time)
      this.cursor = {
        epoch: snapshot.epoch,
        seq: snapshot.seq,
        hash: snapshot.hash,
        access_version: snapshot.access_version,
      }
      this.listener.loaded(snapshot)
      this.watchSilence()
      this.hello()
    } catch (error) {
      if (socket !== this.socket || this.phase !== 'resetting') return
      if (error instanceof SignedOut) this.leave()
      else this.retry()
    }
  }

  private forget(): void {
    this.cursor = null
    this.drawn = 0
    this.listener.cleared()
  }

  private closed(code: number): void {
    this.socket = null
    switch (code) {
      case 4001: // session lost, or a ticket too old to renew itself: asking for a new ticket tells which
        this.ticket = null
        this.lost += 1
        return this.lost > 1 ? this.leave() : this.reconnect(0)
      case 4003: // other rights: what is drawn may not be ours any more
        this.ticket = null
        this.forget()
        return this.reconnect(0)
      case 4400: // it refused what we said, perhaps a ticket signed by a key that is no more
      case 4413:
        this.ticket = null
        this.forget()
        return this.retry()
      default:
        return this.retry()
    }
  }

  /** Gives the socket up and comes back after `ms`; null: after the backoff. */
  private reconnect(ms: number | null): void {
    this.drop()
    if (ms === null) return this.retry()
    this.enter('waiting')
    this.cancelRetry?.()
    this.cancelRetry = this.wire.after(ms, () => void this.connect())
  }

  /** Backoff with jitter: after a restart a thousand screens must not come at one instant. */
  private retry(): void {
    const ceiling = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** this.failures)
    this.failures += 1
    this.reconnect(ceiling * (0.5 + this.wire.random() / 2))
  }

  private leave(): void {
    this.ticket = null
    this.lost = 0
    this.stop() // what is on the screen stays, and says that it is not live: the page asks who is there
    this.listener.signedOut()
  }

  private drop(): void {
    const socket = this.socket
    this.socket = null
    this.cancelSilence?.()
    this.cancelSeen?.()
    this.cancelSilence = this.cancelSeen = null
    if (socket && socket.readyState <= 1) socket.close(1000)
  }

  private watchSilence(): void {
    this.cancelSilence?.()
    this.cancelSilence = this.wire.after(SILENCE_MS, () => this.reconnect(null))
  }

  private sendSeen(always: boolean): void {
    const through = this.cursor?.seq ?? 0
    const displayed = Math.min(this.drawn, through)
    if (!always && through === this.sent.through && displayed === this.sent.displayed) return
    this.sent = { through, displayed }
    this.send({ frame: 'seen', through, displayed })
  }

  private send(frame: unknown): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame))
  }
}

/** A socket and a server for tests: nothing happens until the test says so. */

import type { Snapshot } from '@/shared/protocol'
import { LiveSocket } from '@/shared/socket'
import type { Listener, Phase, Ticket, Wire } from '@/shared/socket'

export class FakeSocket {
  readyState = 0
  sent: Record<string, unknown>[] = []
  closedWith: number | null = null
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>)
  }
  close(code: number): void {
    this.readyState = 3
    this.closedWith = code
  }
  /** The server's side. */
  accept(): void {
    this.readyState = 1
    this.onopen?.()
  }
  tell(frame: Record<string, unknown>): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
  end(code: number): void {
    this.readyState = 3
    this.onclose?.({ code })
  }
}

interface Timer {
  at: number
  run: () => void
}

export class Bench {
  sockets: FakeSocket[] = []
  phases: Phase[] = []
  log: string[] = []
  tickets = 0
  nextTicket: () => Promise<Ticket> = () =>
    Promise.resolve({ ticket: `t${String(this.tickets)}`, expires_at: '2099-01-01T00:00:00Z' })
  nextSnapshot: () => Promise<Snapshot> = () =>
    Promise.resolve({
      epoch: 1,
      seq: 7,
      hash: 'aa',
      access_version: 3,
      server_time: '2026-11-02T09:00:00Z',
      objects: [],
    })
  now = 0
  private timers: Timer[] = []
  readonly live: LiveSocket

  constructor() {
    const wire: Wire = {
      open: () => {
        const socket = new FakeSocket()
        this.sockets.push(socket)
        return socket as unknown as WebSocket
      },
      fetchTicket: () => {
        this.tickets += 1
        return this.nextTicket()
      },
      fetchSnapshot: () => this.nextSnapshot(),
      after: (ms, run) => {
        const timer = { at: this.now + ms, run }
        this.timers.push(timer)
        return () => {
          this.timers = this.timers.filter((one) => one !== timer)
        }
      },
      random: () => 0.5,
    }
    const listener: Listener = {
      cleared: () => this.log.push('cleared'),
      loaded: (snapshot) => this.log.push(`loaded ${String(snapshot.seq)}`),
      changed: (change) => this.log.push(`changed ${String(change.through)}`),
      beat: (beat) => this.log.push(`beat ${String(beat.through)}`),
      heard: () => undefined,
      phase: (phase) => this.phases.push(phase),
      signedOut: () => this.log.push('signed out'),
    }
    this.live = new LiveSocket(wire, listener)
  }

  /** Time passes: due timers run in their order. */
  pass(ms: number): void {
    const until = this.now + ms
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.timers = this.timers.filter((timer) => timer !== due)
      this.now = due.at
      due.run()
    }
    this.now = until
  }

  get socket(): FakeSocket {
    const last = this.sockets[this.sockets.length - 1]
    if (!last) throw new Error('no socket was opened')
    return last
  }
}

/** Lets promises that are already settled run on. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i += 1) await Promise.resolve()
}

export const welcome = (through: number, hash = 'aa') => ({
  frame: 'welcome',
  centre: 'c',
  epoch: 1,
  through,
  hash,
  server_time: '2026-11-02T09:00:00Z',
  beat_s: 5,
  access_version: 3,
})

export const beat = (through: number) => ({
  frame: 'beat',
  epoch: 1,
  through,
  hash: `h${String(through)}`,
  head: through,
  server_time: '2026-11-02T09:00:05Z',
  verified_at: '2026-11-02T09:00:05Z',
  wrote_at: '2026-11-02T09:00:05Z',
  timer_at: '2026-11-02T09:00:05Z',
  worker_at: '2026-11-02T09:00:05Z',
})

export const fact = (through: number, version: number, card: Record<string, unknown> = { open: true }, id = 'i1') => ({
  frame: 'fact',
  epoch: 1,
  through,
  hash: `h${String(through)}`,
  fact: { at: '2026-11-02T09:00:00Z', name: 'issue.accepted', object: { id, kind: 'issue' }, version, card, body: {} },
})

/** A bench whose screen is live at seq 7. */
export async function liveBench(): Promise<Bench> {
  const bench = new Bench()
  bench.live.start()
  await settle()
  bench.socket.accept()
  bench.socket.tell({ frame: 'reset', reason: 'none' })
  await settle()
  bench.socket.tell(welcome(7))
  return bench
}

/** The way of one socket: ticket, hello, reset, facts, closes; nothing lost, nothing shown that was taken away. */

import { describe, expect, it } from 'vitest'
import { SignedOut } from '@/shared/signedOut'
import { beat, Bench, fact, liveBench, settle, welcome } from './wire'

describe('the first connection', () => {
  it('says hello without a cursor, is reset, loads the snapshot and says hello with its cursor', async () => {
    const bench = await liveBench()
    expect(bench.socket.sent).toEqual([
      { frame: 'hello', ticket: 't1', cursor: null },
      { frame: 'hello', ticket: 't1', cursor: { epoch: 1, seq: 7, hash: 'aa', access_version: 3 } },
    ])
    expect(bench.log).toEqual(['cleared', 'loaded 7'])
    expect(bench.live.phase).toBe('live')
  })

  it('says so when nobody is signed in', async () => {
    const bench = new Bench()
    bench.nextTicket = () => Promise.reject(new SignedOut())
    bench.live.start()
    await settle()
    expect(bench.log).toEqual(['signed out'])
    expect(bench.sockets).toHaveLength(0)
  })

  it('tries again with a growing, jittered backoff while the network is away', async () => {
    const bench = new Bench()
    bench.nextTicket = () => Promise.reject(new Error('network'))
    bench.live.start()
    const asked: number[] = []
    for (const ms of [375, 750, 1500, 3000, 3750, 3750, 3750]) {
      await settle()
      asked.push(bench.tickets)
      bench.pass(ms - 1)
      await settle()
      expect(bench.tickets).toBe(asked[asked.length - 1])
      bench.pass(1)
    }
    expect(asked).toEqual([1, 2, 3, 4, 5, 6, 7])
  })
})

describe('a live socket', () => {
  it('hands changes on and answers each beat with what came and what was drawn', async () => {
    const bench = await liveBench()
    bench.socket.sent = []
    bench.socket.tell(fact(8, 2))
    bench.live.displayed(8)
    bench.socket.tell(fact(9, 3))
    bench.socket.tell(beat(9))
    expect(bench.log.slice(2)).toEqual(['changed 8', 'changed 9', 'beat 9'])
    expect(bench.socket.sent).toEqual([{ frame: 'seen', through: 9, displayed: 8 }])
  })

  it('tells soon after drawing, once for many drawings', async () => {
    const bench = await liveBench()
    bench.socket.sent = []
    for (const through of [8, 9, 10]) {
      bench.socket.tell(fact(through, through))
      bench.live.displayed(through)
    }
    bench.pass(500)
    expect(bench.socket.sent).toEqual([{ frame: 'seen', through: 10, displayed: 10 }])
  })

  it('comes back with the cursor of the last frame after a cut', async () => {
    const bench = await liveBench()
    bench.socket.tell(fact(8, 2))
    bench.socket.end(1006)
    expect(bench.live.phase).toBe('waiting')
    bench.pass(500)
    await settle()
    bench.socket.accept()
    expect(bench.sockets).toHaveLength(2)
    expect(bench.socket.sent[0]).toMatchObject({ cursor: { seq: 8, hash: 'h8', access_version: 3 } })
    expect(bench.log).toEqual(['cleared', 'loaded 7', 'changed 8'])
    expect(bench.tickets).toBe(1)
  })

  it('gives the socket up after 12 seconds of silence', async () => {
    const bench = await liveBench()
    const first = bench.socket
    bench.pass(11_999)
    expect(bench.live.phase).toBe('live')
    bench.pass(1)
    expect(first.closedWith).toBe(1000)
    expect(bench.live.phase).toBe('waiting')
    first.tell(fact(8, 2)) // an old socket that speaks after all is not heard
    expect(bench.log).not.toContain('changed 8')
  })

  it('uses the ticket that was renewed over the socket', async () => {
    const bench = await liveBench()
    bench.socket.tell({ frame: 'ticket', ticket: 'renewed', expires_at: '2099-01-01T00:00:00Z' })
    bench.socket.end(1012)
    bench.pass(500)
    await settle()
    bench.socket.accept()
    expect(bench.socket.sent[0]).toMatchObject({ ticket: 'renewed' })
  })

  it('leaves by itself when the gateway drains, within the time it was given', async () => {
    const bench = await liveBench()
    bench.socket.tell({ frame: 'drain', reconnect_within_ms: 4_000 })
    bench.pass(1_999)
    expect(bench.sockets).toHaveLength(1)
    bench.pass(1)
    await settle()
    expect(bench.sockets).toHaveLength(2)
  })

  it('ignores what a later server may add, and reconnects on what is not JSON', async () => {
    const bench = await liveBench()
    bench.socket.tell({ frame: 'weather', mood: 'fine' })
    expect(bench.live.phase).toBe('live')
    bench.socket.onmessage?.({ data: '{' })
    expect(bench.live.phase).toBe('waiting')
  })
})

describe('a reset', () => {
  it('clears before it asks, and takes no fact until it is welcomed', async () => {
    const bench = await liveBench()
    bench.log.length = 0
    bench.socket.tell({ frame: 'reset', reason: 'hash' })
    bench.socket.tell(fact(9, 5))
    expect(bench.log).toEqual(['cleared'])
    await settle()
    bench.socket.tell(welcome(7))
    bench.socket.tell(fact(10, 6))
    expect(bench.log).toEqual(['cleared', 'loaded 7', 'changed 10'])
  })

  it('waits for a slow snapshot: the gateway is silent meanwhile by right', async () => {
    const bench = await liveBench()
    bench.nextSnapshot = () => new Promise(() => undefined)
    bench.socket.tell({ frame: 'reset', reason: 'hash' })
    bench.pass(14_000)
    expect(bench.live.phase).toBe('resetting')
  })

  it('does not load a snapshot that comes after the socket has gone', async () => {
    const bench = await liveBench()
    bench.log.length = 0
    bench.socket.tell({ frame: 'reset', reason: 'epoch' })
    bench.socket.end(1006)
    await settle()
    expect(bench.log).toEqual(['cleared'])
  })
})

describe('a close', () => {
  it('4003 forgets everything and asks for a new ticket', async () => {
    const bench = await liveBench()
    bench.log.length = 0
    bench.socket.end(4003)
    expect(bench.log).toEqual(['cleared'])
    bench.pass(0)
    await settle()
    bench.socket.accept()
    expect(bench.socket.sent[0]).toEqual({ frame: 'hello', ticket: 't2', cursor: null })
  })

  it('4001 says that the session is gone when it really is', async () => {
    const bench = await liveBench()
    bench.nextTicket = () => Promise.reject(new SignedOut())
    bench.socket.end(4001)
    bench.pass(0)
    await settle()
    expect(bench.log.slice(-2)).toEqual(['loaded 7', 'signed out']) // what is on the screen stays
    expect(bench.live.phase).toBe('stopped')
  })

  it('4001 twice without a welcome between says so too', async () => {
    const bench = await liveBench()
    bench.socket.end(4001)
    bench.pass(0)
    await settle()
    bench.socket.accept()
    bench.socket.end(4001)
    expect(bench.log).toContain('signed out')
  })

  it('4400 comes back with a new ticket and from the beginning', async () => {
    const bench = await liveBench()
    bench.socket.end(4400)
    bench.pass(500)
    await settle()
    bench.socket.accept()
    expect(bench.socket.sent[0]).toEqual({ frame: 'hello', ticket: 't2', cursor: null })
  })

  it('4008 comes back where it was', async () => {
    const bench = await liveBench()
    bench.socket.end(4008)
    bench.pass(500)
    await settle()
    bench.socket.accept()
    expect(bench.socket.sent[0]).toMatchObject({ cursor: { seq: 7 } })
  })
})

it('tries at once when the network comes back', async () => {
  const bench = await liveBench()
  bench.socket.end(1006)
  bench.live.nudge(500)
  await settle()
  expect(bench.sockets).toHaveLength(2)
  bench.pass(2_000) // the backoff that was given up does not fire as well
  await settle()
  expect(bench.sockets).toHaveLength(2)
})

it('gives up at once a socket from which nothing came while the machine slept', async () => {
  const bench = await liveBench()
  bench.live.nudge(11_999)
  expect(bench.live.phase).toBe('live')
  bench.live.nudge(12_000)
  await settle()
  expect(bench.sockets).toHaveLength(2)
  bench.socket.accept()
  expect(bench.socket.sent[0]).toMatchObject({ cursor: { seq: 7 } })
})

it('tries another line when this one keeps bringing old beats', async () => {
  const bench = await liveBench()
  const old = (through: number) => ({ ...beat(through), server_time: '2026-11-02T08:59:00Z' })
  bench.socket.tell(beat(8))
  for (const through of [9, 10]) bench.socket.tell(old(through))
  expect(bench.live.phase).toBe('live')
  bench.socket.tell(beat(11)) // one in time: nothing is held back any more
  for (const through of [12, 13]) bench.socket.tell(old(through))
  expect(bench.live.phase).toBe('live')
  bench.socket.tell(old(14))
  expect(bench.live.phase).toBe('waiting')
})

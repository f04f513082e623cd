/** A session at a screen: used, it goes on; seen ending; ended, the screen stays and asks nothing of the server but who is there. */

import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { request } from '@/api/client'
import { SignedOut } from '@/shared/signedOut'
import { useSession } from '@/shared/stores/session'

const person = (id: string, left = 86_400) => ({ person: { id, name: '' }, posts: [], rights: [], username: id, must_change_password: false, left_s: left })

describe('a session', () => {
  let asked: { method: string; path: string; person: string | null }[]
  let signedIn: ReturnType<typeof person> | null
  const last = () => asked.filter((one) => one.path === '/session/use').length

  beforeEach(() => {
    vi.useFakeTimers()
    asked = []
    signedIn = person('p1')
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      const path = url.replace('/api/v1', '')
      asked.push({ method: String(init.method), path, person: (init.headers as Headers).get('X-Person') })
      if (signedIn === null) return Promise.resolve(new Response('{}', { status: 401 }))
      return Promise.resolve(new Response(JSON.stringify(path === '/session/use' ? { left_s: 86_400 } : signedIn)))
    })
    setActivePinia(createPinia())
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('is used by keys and presses, told at most every five minutes, and not by an open page', async () => {
    await useSession().load()
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(last()).toBe(0)
    for (let n = 0; n < 20; n += 1) window.dispatchEvent(new Event('keydown'))
    await vi.advanceTimersByTimeAsync(0)
    expect(last()).toBe(1)
    await vi.advanceTimersByTimeAsync(300_000)
    window.dispatchEvent(new Event('pointerdown'))
    await vi.advanceTimersByTimeAsync(0)
    expect(last()).toBe(2)
  })

  it('warns ten minutes before its end, and one button goes on', async () => {
    const session = useSession()
    signedIn = person('p1', 660)
    await session.load()
    await vi.advanceTimersByTimeAsync(50_000)
    expect(session.warnMs).toBeNull()
    signedIn = person('p1', 590)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(session.warnMs).toBeGreaterThan(500_000)
    await session.use()
    expect(session.warnMs).toBeNull()
  })

  it('does not warn where another page has used it', async () => {
    const session = useSession()
    signedIn = person('p1', 660)
    await session.load()
    signedIn = person('p1', 86_400)
    await vi.advanceTimersByTimeAsync(120_000)
    expect([session.warnMs, session.ended]).toEqual([null, false])
  })

  it('that ended leaves what was there, and nothing more is asked until somebody signs in', async () => {
    const session = useSession()
    await session.load()
    signedIn = null
    await expect(request('GET', '/issues/1')).rejects.toThrow(SignedOut)
    expect([session.ended, session.session?.person.id]).toEqual([true, 'p1'])
    const before = asked.length
    await expect(request('POST', '/issues/1/accept')).rejects.toThrow(SignedOut)
    window.dispatchEvent(new Event('keydown'))
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(asked.length).toBe(before)
    signedIn = person('p1')
    expect(await session.signIn('p1', 'x')).toBe(true)
    expect(session.ended).toBe(false)
    await request('GET', '/issues/1')
    expect(asked.at(-1)?.person).toBe('p1')
  })

  it('ends by itself at its time, also on an unattended page', async () => {
    const session = useSession()
    signedIn = person('p1', 30)
    await session.load()
    signedIn = null
    await vi.advanceTimersByTimeAsync(2_000)
    expect(session.ended).toBe(true)
  })

  it('of another person in the same browser is not this screen’s', async () => {
    const session = useSession()
    await session.load()
    signedIn = person('p2')
    expect([await session.load(), session.ended, session.stranger, session.session?.person.id]).toEqual([false, true, true, 'p1'])
    expect(await session.signIn('p2', 'x')).toBe(false)
  })

  it('is not lost by an answer to what was asked before one signed in again: that is asked once more', async () => {
    const session = useSession()
    await session.load()
    let refuse: (answer: Response) => void = () => undefined
    const answers = globalThis.fetch
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      if (!url.endsWith('/ticket') || asked.some((one) => one.path === '/ticket')) return answers(url, init)
      asked.push({ method: 'POST', path: '/ticket', person: null })
      return new Promise((done) => (refuse = done))
    })
    const ticket = request('POST', '/ticket')
    signedIn = null
    await expect(request('GET', '/issues')).rejects.toBeInstanceOf(SignedOut)
    expect(session.ended).toBe(true)
    signedIn = person('p1')
    await session.load()
    expect(session.ended).toBe(false)
    refuse(new Response('{}', { status: 401 }))
    expect((await ticket).status).toBe(200)
    expect(session.ended).toBe(false)
  })
})

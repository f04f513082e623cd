/** Pushes on a phone: turned on by a press, signed on again for each sign-in, and where they are not, the page says why. */

import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api } from '@/api/calls'
import { keyBytes, usePush } from '@/phone/push'

const KEY = 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8'
const TOLD = { endpoint: 'https://push.example/a', keys: { p256dh: 'p', auth: 'a' } }

describe('a phone', () => {
  const taken = vi.spyOn(api, 'takePush')
  const manager = { getSubscription: vi.fn(), subscribe: vi.fn() }
  const permission = { permission: 'default', requestPermission: vi.fn() }
  const subscription = (key: string): unknown => ({
    options: { applicationServerKey: keyBytes(key).buffer },
    unsubscribe: vi.fn().mockResolvedValue(true),
    toJSON: () => TOLD,
  })
  beforeEach(() => {
    setActivePinia(createPinia())
    vi.spyOn(api, 'push').mockResolvedValue({ key: KEY, subscribed: false })
    taken.mockReset().mockResolvedValue(undefined as never)
    manager.getSubscription.mockReset().mockResolvedValue(null)
    manager.subscribe.mockReset().mockImplementation(() => Promise.resolve(subscription(KEY)))
    permission.permission = 'default'
    permission.requestPermission.mockReset().mockResolvedValue('granted')
    vi.stubGlobal('navigator', { serviceWorker: { ready: Promise.resolve({ pushManager: manager }) } })
    vi.stubGlobal('PushManager', vi.fn())
    vi.stubGlobal('Notification', permission)
  })
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('asks only after a press, and hands in what its browser tells', async () => {
    const push = usePush()
    await push.look()
    expect([push.state, manager.subscribe.mock.calls.length]).toEqual(['off', 0])
    await push.turnOn()
    expect(push.state).toBe('on')
    expect(manager.subscribe).toHaveBeenCalledWith({ userVisibleOnly: true, applicationServerKey: keyBytes(KEY) })
    expect(taken).toHaveBeenCalledWith({ endpoint: TOLD.endpoint, p256dh: 'p', auth: 'a' })
  })

  it('that was let before is signed on for who signs in now, with the key of this centre', async () => {
    permission.permission = 'granted'
    const before = subscription(KEY.replace('BP4z', 'BCVx')) as { unsubscribe: ReturnType<typeof vi.fn> }
    manager.getSubscription.mockResolvedValue(before)
    const push = usePush()
    await push.look()
    expect([push.state, before.unsubscribe.mock.calls.length, taken.mock.calls.length]).toEqual(['on', 1, 1])
  })

  it('says why it is not reached', async () => {
    const push = usePush()
    manager.subscribe.mockRejectedValue(new DOMException('no push service', 'AbortError'))
    await push.turnOn()
    await push.look()
    permission.permission = 'granted'
    await push.look()
    expect(push.told).toBe('failed')
    permission.permission = 'denied'
    await push.look()
    expect(push.told).toBe('refused')
    vi.stubGlobal('navigator', {})
    await push.look()
    expect(push.told).toBe('missing')
    vi.spyOn(api, 'push').mockResolvedValue({ key: null, subscribed: false })
    await push.look()
    expect(push.told).toBeNull()
  })
})

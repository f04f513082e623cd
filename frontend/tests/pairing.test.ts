/** A wall is itself or nobody: a revoked one says so, and never shows what a person at the same browser may see. */

import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { usePairing } from '@/wall/pairing'

const KEPT = JSON.stringify({ id: 'd1', secret: 's', code: 'ABC234' })
let asked: { url: string; init: RequestInit }[]

function answers(answer: (url: string) => { status: number; body: unknown }): void {
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push({ url, init })
    const { status, body } = answer(url)
    return Promise.resolve(new Response(JSON.stringify(body), { status }))
  })
}

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers()
  localStorage.clear()
  asked = []
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('is told that it was revoked, asks for a code, and sends nobody’s cookie', async () => {
  localStorage.setItem('relay60.wall', KEPT)
  const waiting = { id: 'd2', state: 'waiting', code: 'XYZ789', name: '', centre: null }
  answers((url) => {
    if (url.endsWith('/devices')) return { status: 201, body: { id: 'd2', secret: 't', code: 'XYZ789' } }
    return { status: 200, body: asked.length === 1 ? { ...waiting, id: 'd1', state: 'revoked' } : waiting }
  })
  const pairing = usePairing()
  void pairing.pair()
  await vi.advanceTimersByTimeAsync(10)
  expect(pairing.revoked).toBe(true)
  await vi.advanceTimersByTimeAsync(3_100)
  expect([pairing.state, pairing.code, pairing.revoked]).toEqual(['waiting', 'XYZ789', true])
  expect(new Set(asked.map((one) => one.init.credentials))).toEqual(new Set(['omit']))
})

it('says why it has no code, and forgets it when it has one', async () => {
  let full = true
  answers((url) => {
    if (full) return { status: 429, body: { status: 429, title: '', detail: '等待配对的屏幕已有 20 块。', remedy: '请先配对。' } }
    const one = { id: 'd2', state: 'waiting', code: 'XYZ789', name: '', centre: null }
    return url.endsWith('/devices') ? { status: 201, body: { id: 'd2', secret: 't', code: 'XYZ789' } } : { status: 200, body: one }
  })
  const pairing = usePairing()
  void pairing.pair()
  await vi.advanceTimersByTimeAsync(10)
  expect([pairing.state, pairing.why]).toEqual(['failed', '等待配对的屏幕已有 20 块。请先配对。'])
  full = false
  await vi.advanceTimersByTimeAsync(3_100)
  expect([pairing.state, pairing.code, pairing.why]).toEqual(['waiting', 'XYZ789', ''])
})

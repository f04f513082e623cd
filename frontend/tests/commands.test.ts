/** One intent happens once: same key while the outcome is unknown, another after a refusal. */

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Refusal, request, Unreachable } from '@/api/client'
import { explain, useIntent } from '@/shared/intent'
import { searchItems } from '@/shared/itemSearch'
import { SignedOut } from '@/shared/signedOut'
import { useSession } from '@/shared/stores/session'
import { KEY_REUSED } from '@/shared/words/errors'

const refusal = new Refusal({ code: 'issue.not_open', title: '冲突', status: 409, detail: '已由张某受理。', remedy: '请刷新。' })

describe('an intent', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
  })

  it('keeps its key while nobody knows what became of it', async () => {
    const keys: string[] = []
    const intent = useIntent()
    const fail = (key: string): Promise<never> => {
      keys.push(key)
      return Promise.reject(new Unreachable('cut'))
    }
    await intent.run(fail)
    await intent.run(fail)
    expect(intent.unknown.value).toBe(true)
    await intent.run((key) => Promise.resolve(keys.push(key)))
    expect(new Set(keys).size).toBe(1)
    expect(intent.unknown.value).toBe(false)
  })

  it('takes another key after a refusal, and says what the server said', async () => {
    const keys: string[] = []
    const intent = useIntent()
    await intent.run((key) => {
      keys.push(key)
      return Promise.reject(refusal)
    })
    expect(intent.problem.value && explain(intent.problem.value)).toBe('已由张某受理。 请刷新。')
    await intent.run((key) => Promise.resolve(keys.push(key)))
    expect(new Set(keys).size).toBe(2)
  })

  it('says of a key that had been carried out that the first time counts, and takes another', async () => {
    const intent = useIntent({ key: 'k0', open: true })
    await intent.run(() => Promise.reject(new Refusal({ code: 'idempotency_key.reused', title: '幂等键重复使用', status: 422, detail: '这个幂等键已用于另一个请求。' })))
    expect(intent.problem.value?.detail).toBe(KEY_REUSED)
    expect(intent.state().key).not.toBe('k0')
  })

  it('asks for the password when the session is lost, and goes on under the same key', async () => {
    const keys: string[] = []
    const intent = useIntent()
    await intent.run((key) => {
      keys.push(key)
      return Promise.reject(new SignedOut())
    })
    expect(useSession().wanted).toBe(1)
    expect(intent.state()).toEqual({ key: keys[0], open: false })
    await intent.run((key) => Promise.resolve(keys.push(key)))
    expect(keys[0]).toBe(keys[1])
  })

  it('taken up again with an open outcome, it repeats under the key that was kept', async () => {
    const intent = useIntent({ key: 'k0', open: true })
    expect(intent.unknown.value).toBe(true)
    expect(await intent.run((key) => Promise.resolve(key))).toBe('k0')
    expect(intent.state().key).not.toBe('k0')
  })
})

describe('the HTTP client', () => {
  const answers = (...responses: (Response | Error)[]) => {
    const fetch = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(() => {
      const next = responses.shift()
      return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error('no more'))
    })
    vi.stubGlobal('fetch', fetch)
    return fetch
  }

  it('sends key, version and CSRF token, and reads the version of the answer', async () => {
    document.cookie = 'csrftoken=abc'
    const fetch = answers(new Response('{"seq":1}', { headers: { ETag: 'W/"5"' } }))
    const answered = await request('POST', '/issues/1/file', { body: {}, key: 'k', version: 4 })
    const headers = fetch.mock.calls[0]?.[1].headers as Headers
    expect(['Idempotency-Key', 'If-Match', 'X-CSRFToken'].map((name) => headers.get(name))).toEqual(['k', '"4"', 'abc'])
    expect(answered).toMatchObject({ status: 200, data: { seq: 1 }, version: 5 })
  })

  it('turns problem+json into a refusal, 401 into signed out, no answer into unreachable', async () => {
    answers(new Response(JSON.stringify(refusal.problem), { status: 409 }))
    await expect(request('POST', '/x')).rejects.toMatchObject({ problem: { code: 'issue.not_open' } })
    answers(new Response('', { status: 401 }))
    await expect(request('GET', '/x')).rejects.toBeInstanceOf(SignedOut)
    answers(new TypeError('Failed to fetch'))
    await expect(request('POST', '/x')).rejects.toBeInstanceOf(Unreachable)
    answers(new Response('oops', { status: 502 }))
    await expect(request('POST', '/x')).rejects.toBeInstanceOf(Unreachable)
  })

  it('tells why nothing was done, once the repeats of a 503 are over, and goes on under the same key', async () => {
    vi.useFakeTimers()
    const full = () =>
      new Response('{"code":"disk.full","detail":"数据库的磁盘已满，没有办成。"}', { status: 503, headers: { 'Retry-After': '1' } })
    const fetch = answers(full(), full(), full(), full(), new Response('', { status: 503 }), new Response('{"seq":2}'))
    const intent = useIntent()
    const send = (key: string) => request<{ seq: number }>('POST', '/x', { key })
    const refused = intent.run(send)
    await vi.advanceTimersByTimeAsync(3_000)
    expect(await refused).toBeNull()
    expect(intent.problem.value).toMatchObject({ code: 'disk.full' })
    expect(intent.unknown.value).toBe(false)
    const done = intent.run(send)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await done).toMatchObject({ data: { seq: 2 } })
    expect(new Set(fetch.mock.calls.map((call) => (call[1].headers as Headers).get('Idempotency-Key'))).size).toBe(1)
    vi.useRealTimers()
  })

  it('repeats a 503 after its Retry-After, with the same key', async () => {
    vi.useFakeTimers()
    const fetch = answers(
      new Response('', { status: 503, headers: { 'Retry-After': '1' } }),
      new Response('{"seq":2}'),
    )
    const answered = request('POST', '/x', { key: 'k' })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await answered).toMatchObject({ data: { seq: 2 } })
    expect(fetch.mock.calls.map((call) => (call[1].headers as Headers).get('Idempotency-Key'))).toEqual(['k', 'k'])
    vi.useRealTimers()
  })
})

it('suggests items by what people say', () => {
  const item = (code: string, item_zh: string, keywords: string[]) => ({
    code,
    item_zh,
    category: 'neighbourhood',
    category_zh: '邻里纠纷',
    co_departments: [], kind: 'service',
    on_scene_within_min: null,
    retired: false,
    lead_department: 'housing',
    level: 'general' as const,
    urgent: false,
    sensitive: false,
    keywords,
  })
  const items = [
    item('0201', '生活噪音纠纷', ['太吵', '广场舞']),
    item('0203', '房屋渗漏水纠纷', ['漏水', '天花板']),
    item('0205', '装修扰民纠纷', ['装修', '漏']),
  ]
  expect(searchItems(items, '楼上漏水到我家').map((one) => one.code)).toEqual(['0203', '0205'])
  expect(searchItems(items, '广场').map((one) => one.code)).toEqual(['0201'])
  expect(searchItems(items, '0203').map((one) => one.code)).toEqual(['0203'])
  expect(searchItems(items, '  ')).toEqual([])
})

/** Half-written work: sealed to its writer, offered when the writer comes back, gone once sent. */

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Unreachable } from '@/api/client'
import { useKeeper } from '@/shared/keeper/keeper'
import type { Work } from '@/shared/keeper/keeper'
import { publicKey, seal, secretKey, unseal } from '@/shared/keeper/sealing'
import type { Secret } from '@/shared/keeper/sealing'
import { everyByte, lying, memoryShelf, someKey } from './shelf'
import type { Lying } from './shelf'

const DAY_MS = 86_400_000
const TEXT = '张巷路灯不亮，刘阿婆摔了一跤'
const KEY = 'key-of-a-report-half-written' // long: two letters stand in sealed bytes by chance
const photo = () => ({ key: 'ph1', blob: new Blob(['一张照片的字节'], { type: 'image/jpeg' }), id: null })
const work = (more: Partial<Work> = {}): Work => ({
  name: 'desk.report', title: '接报单 路灯不亮', where: { kind: 'report' }, fields: { text: TEXT, photos: [photo()] }, key: KEY, open: false, ...more,
})

describe('the keeper of half-written work', () => {
  let device: Lying
  let online: boolean
  let keptDays: number
  const keys = new Map<string, Secret>()

  beforeEach(async () => {
    device = lying()
    online = true
    keptDays = 7
    sessionStorage.clear()
    for (const person of ['p1', 'p2']) keys.set(person, await someKey())
  })

  /** As after a reload, or in a browser that was killed and started again. */
  async function comes(person: string) {
    vi.stubGlobal('fetch', () =>
      online
        ? Promise.resolve(new Response(JSON.stringify({ ...keys.get(person), kept_days: keptDays })))
        : Promise.reject(new TypeError('offline')),
    )
    setActivePinia(createPinia())
    const keeper = useKeeper()
    await keeper.open(person, memoryShelf(device)).catch((error: unknown) => {
      if (!(error instanceof Unreachable)) throw error
    })
    return keeper
  }

  it('has words and photos again for the same person, with the key of what may have been sent', async () => {
    const first = await comes('p1')
    first.keep(work({ open: true }))
    await first.written()
    const again = await comes('p1')
    expect(again.offers.map((one) => one.title)).toEqual(['接报单 路灯不亮'])
    const left = again.take('desk.report')
    expect([left?.fields.text, left?.key, left?.open, again.offers]).toEqual([TEXT, KEY, true, []])
    const [kept] = left?.fields.photos as ReturnType<typeof photo>[]
    expect([await kept?.blob.text(), kept?.blob.type, kept?.key]).toEqual(['一张照片的字节', 'image/jpeg', 'ph1'])
  })

  it('leaves nothing on the device that can be read, and nothing for another person', async () => {
    const first = await comes('p1')
    first.keep(work())
    await first.written()
    for (const word of [TEXT, '张巷', '接报单', '路灯', '一张照片', 'desk.report', KEY]) expect(everyByte(device)).not.toContain(word)
    expect(device.pieces.size).toBe(1)
    const other = await comes('p2')
    expect([other.offers, other.take('desk.report'), other.expired]).toEqual([[], null, []])
    expect((await comes('p1')).take('desk.report')?.fields.text).toBe(TEXT)
  })

  it('forgets at once what the page held, when another person is here', async () => {
    const keeper = await comes('p1')
    keeper.keep(work())
    await keeper.written()
    await keeper.open('p2', memoryShelf(device)).catch(() => undefined)
    expect([keeper.take('desk.report'), keeper.offers]).toEqual([null, []])
  })

  it('is gone once it was sent, or emptied, with its photos', async () => {
    const keeper = await comes('p1')
    keeper.keep(work())
    await keeper.written()
    keeper.drop('desk.report')
    await keeper.written()
    expect([device.pieces.size, device.files.size]).toEqual([0, 0])
    expect((await comes('p1')).offers).toEqual([])
  })

  it('goes from here only when it is safe elsewhere', async () => {
    const keeper = await comes('p1')
    keeper.keep(work())
    await keeper.written()
    let safe: () => void = () => undefined
    keeper.drop('desk.report', new Promise<void>((done) => (safe = done)))
    await keeper.written()
    expect([keeper.take('desk.report'), device.pieces.size]).toEqual([null, 1])
    safe()
    await vi.waitFor(() => {
      expect(device.pieces.size).toBe(0)
    })
  })

  it('seals without a network what is written then, and reads nothing until there is one', async () => {
    const before = await comes('p1')
    before.keep(work())
    await before.written()
    online = false
    const offline = await comes('p1')
    expect([offline.lasting, offline.readable, offline.take('desk.report')]).toEqual([true, false, null])
    offline.keep(work({ fields: { text: '没有网络时写的' } }))
    await offline.written()
    expect(everyByte(device)).not.toContain('没有网络时写的')
    expect(device.pieces.size).toBe(2)
    online = true
    await offline.unlock()
    expect(offline.take('desk.report')?.fields.text).toBe('没有网络时写的')
    expect(offline.offers.map((one) => one.fields.text)).toEqual([TEXT])
  })

  it('puts an offer into its form, and offers what stood there instead', async () => {
    const before = await comes('p1')
    before.keep(work())
    await before.written()
    const keeper = await comes('p1')
    const [offer] = keeper.offers
    if (!offer) throw new Error('nothing is offered')
    keeper.keep(work({ fields: { text: '另一位来电人' } }))
    expect(keeper.offers).toHaveLength(1)
    keeper.takeUp(offer)
    expect(keeper.take('desk.report')?.fields.text).toBe(TEXT)
    expect(keeper.offers.map((one) => one.fields.text)).toEqual(['另一位来电人'])
  })

  it('ends after the centre’s days, and its writer is told by name', async () => {
    const before = await comes('p1')
    before.keep(work())
    await before.written()
    for (const piece of device.pieces.values()) piece.at -= 7 * DAY_MS + 1_000
    const keeper = await comes('p1')
    expect([keeper.expired, keeper.offers, device.pieces.size, device.files.size]).toEqual([['接报单 路灯不亮'], [], 0, 0])
    expect((await comes('p1')).expired).toEqual([])
  })

  it('of another person, what is too old ends too, and that person is told that there was something', async () => {
    const before = await comes('p1')
    before.keep(work())
    await before.written()
    for (const piece of device.pieces.values()) piece.at -= 8 * DAY_MS
    expect((await comes('p2')).expired).toEqual([])
    expect([...device.pieces.values()].map((piece) => piece.words)).toEqual([null])
    expect(device.files.get([...device.pieces.keys()][0] ?? '')).toEqual([])
    expect((await comes('p1')).expired).toEqual([null])
    expect(device.pieces.size).toBe(0)
  })

  it('says so when what lies there opens no more, as after another master key', async () => {
    const before = await comes('p1')
    before.keep(work())
    await before.written()
    keys.set('p1', await someKey())
    const keeper = await comes('p1')
    expect([keeper.expired, keeper.offers]).toEqual([[null], []])
  })

  it('where a browser can’t seal, keeps in the page only, and says so', async () => {
    vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => bytes })
    const keeper = await comes('p1')
    keeper.keep(work())
    await keeper.written()
    expect([keeper.lasting, keeper.take('desk.report')?.fields.text, device.pieces.size]).toEqual([false, TEXT, 0])
    vi.unstubAllGlobals()
  })

  it('takes over what an earlier release left in clear, and leaves nothing of it', async () => {
    sessionStorage.setItem('relay60.feedback.o1', JSON.stringify({ text: TEXT, result: 'handled', person: 'p1' }))
    sessionStorage.setItem('relay60.member.draft', JSON.stringify({ text: '别人写的', person: 'p2' }))
    const keeper = await comes('p1')
    await keeper.written()
    expect(sessionStorage.length).toBe(0)
    expect(keeper.take('relay60.feedback.o1')).toMatchObject({ fields: { fields: { text: TEXT } }, where: { kind: 'order', id: 'o1' } })
    expect(keeper.take('relay60.member.draft')).toBeNull()
  })
})

describe('a box', () => {
  it('opens for its person, in its place, untouched, and not otherwise', async () => {
    const [mine, others] = [await someKey(), await someKey()]
    const sealed = await seal(await publicKey(mine), new TextEncoder().encode(TEXT), 'a')
    const key = await secretKey(mine)
    expect(new TextDecoder().decode(await unseal(key, sealed, 'a'))).toBe(TEXT)
    await expect(unseal(await secretKey(others), sealed, 'a')).rejects.toThrow()
    await expect(unseal(key, sealed, 'b')).rejects.toThrow()
    sealed.box[0] = (sealed.box[0] ?? 0) ^ 1
    await expect(unseal(key, sealed, 'a')).rejects.toThrow()
  })
})

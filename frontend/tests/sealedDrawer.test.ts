/** The outbox on the phone: which steps wait can be read without a key, what was entered in them can't. */

import { beforeEach, describe, expect, it } from 'vitest'
import { memoryDrawer } from '@/phone/drawer'
import type { Entry } from '@/phone/drawer'
import { sealedDrawer } from '@/phone/sealedDrawer'
import { publicKey, secretKey } from '@/shared/keeper/sealing'
import { someKey } from './shelf'

const entry = (more: Partial<Entry> = {}): Entry => ({
  key: 'k1', no: 1, person: 'p1', call: 'report', about: 'k1', verb: 'report', body: { text: '刘阿婆摔了一跤' }, version: null, madeAt: 1, files: [],
  photos: [{ key: 'ph1', blob: new Blob(['一张照片'], { type: 'image/jpeg' }), id: null }], ...more,
})

describe('the sealed outbox', () => {
  let lies: Map<string, Entry>
  let sealer: CryptoKey
  let opener: CryptoKey
  const drawerOf = (person: string | null, opens = true) =>
    sealedDrawer(memoryDrawer(lies), { person, sealer: () => sealer, opener: () => (opens ? opener : null) })

  beforeEach(async () => {
    lies = new Map()
    const key = await someKey()
    sealer = await publicKey(key)
    opener = await secretKey(key)
  })

  it('has words and photos again for its person, and nothing of them on the phone', async () => {
    await drawerOf('p1').put(entry())
    expect(lies.get('k1')).toMatchObject({ verb: 'report', body: {}, photos: [] })
    const [back] = await drawerOf('p1').all()
    expect([back?.body.text, await back?.photos[0]?.blob.text(), back?.sealed]).toEqual(['刘阿婆摔了一跤', '一张照片', undefined])
  })

  it('is shut for another person, and without a network, and stays whole when it is put again', async () => {
    await drawerOf('p1').put(entry())
    for (const drawer of [drawerOf('p2'), drawerOf('p1', false)]) {
      const [shut] = await drawer.all()
      expect([shut?.shut, shut?.body, shut?.photos]).toEqual([true, {}, []])
      if (shut) await drawer.put({ ...shut, version: 4 })
    }
    const [back] = await drawerOf('p1').all()
    expect([back?.body.text, back?.version, back?.shut]).toEqual(['刘阿婆摔了一跤', 4, undefined])
  })

  it('seals what an earlier release laid in open, for its person only', async () => {
    lies.set('k1', entry()).set('k2', entry({ key: 'k2', person: 'p2' }))
    const found = await drawerOf('p1').all()
    expect(found.map((one) => one.body.text)).toEqual(['刘阿婆摔了一跤', '刘阿婆摔了一跤'])
    expect([lies.get('k1')?.body, lies.get('k2')?.body.text]).toEqual([{}, '刘阿婆摔了一跤'])
  })

  it('hides the words of a refusal, and tells that there was one', async () => {
    await drawerOf('p1').put(entry({ refused: '已由张某反馈。' }))
    expect(lies.get('k1')?.refused).toBe('')
    expect((await drawerOf('p1').all())[0]?.refused).toBe('已由张某反馈。')
  })

  it('lays in a step without words as it is, and refuses words where it can’t seal', async () => {
    const bare = sealedDrawer(memoryDrawer(lies), { person: 'p1', sealer: () => null, opener: () => null })
    await bare.put(entry({ key: 'k3', verb: 'acknowledge', call: 'order', body: {}, photos: [] }))
    expect(lies.get('k3')).toMatchObject({ verb: 'acknowledge', body: {} })
    await expect(bare.put(entry())).rejects.toThrow()
    expect(lies.has('k1')).toBe(false)
  })
})

/** Pure parts of the doors: query codes, files, photos, positions, who may settle. */

import { describe, expect, it } from 'vitest'
import { listRow } from '@/phone/liaison/list'
import { settles } from '@/phone/member/settling'
import { codeOf, grouped, placeOf } from '@/resident/place'
import { csvName, csvOf } from '@/shared/csv'
import { fitted, sendAll } from '@/shared/photo'
import { better } from '@/shared/position'
import { clockCard, orderCard } from './cards'

it('reads the address of a resident’s page', () => {
  expect(placeOf('/r/330199001001001', '')).toEqual({ grid: '330199001001001', poster: false, code: null })
  expect(placeOf('/r/330199001001001/poster', '')).toMatchObject({ poster: true })
  expect(placeOf('/r/', '#7K2M-9QXA-4CDE')).toEqual({ grid: null, poster: false, code: '7K2M9QXA4CDE' })
  expect(placeOf('/r', '#')).toEqual({ grid: null, poster: false, code: null })
})

it('takes a query code as people copy it', () => {
  expect(codeOf(' 7k2m 9qxa-4cde ')).toBe('7K2M9QXA4CDE')
  expect(codeOf('7K2M9QXA4CD')).toBeNull()
  expect(codeOf('')).toBeNull()
  expect(grouped('7K2M9QXA4CDE')).toBe('7K2M-9QXA-4CDE')
  expect(grouped('7K2M-9QXA-4CDE')).toBe('7K2M-9QXA-4CDE')
})

describe('a list as a file', () => {
  it('is quoted, marked as UTF-8 and never a formula', () => {
    const text = csvOf(['编号', '说明'], [['000001', '他说,"不行"'], ['=1+1', '-3.5'], ['@sum', null]])
    expect(text.startsWith('\ufeff')).toBe(true)
    expect(text.slice(1).split('\r\n')).toEqual(['编号,说明', '000001,"他说,""不行"""', "'=1+1,-3.5", "'@sum,", ''])
  })

  it('is named for what it holds and the instant it is true of, in the centre’s time', () => {
    expect(csvName('派遣单清单', Date.parse('2026-11-21T23:05:09Z'))).toBe('派遣单清单_数据截至2026-11-22_07-05-09.csv')
  })

  it('has the order’s light, due time and next action', () => {
    const clock = clockCard('relay_down_order', '2026-11-02T01:00:00Z', '2026-11-02T02:00:00Z')
    const card = orderCard({ clocks: [clock] })
    const row = listRow({ id: 'o', version: 1, card, clocks: [clock], clock }, { item: () => '生活噪音', noCell: '未定位' }, Date.parse('2026-11-02T01:50:00Z'))
    expect(row).toEqual(['000009', '生活噪音', '未定位', '待签收', '将超', '签收', '2026/11/02 10:00:00', '签收', '2026/11/02 09:00:00'])
  })
})

it('fits a photo to the edge and never enlarges it', () => {
  expect(fitted(4000, 3000, 2000)).toEqual({ width: 2000, height: 1500 })
  expect(fitted(300, 900, 2000)).toEqual({ width: 300, height: 900 })
  expect(fitted(1, 9000, 100)).toEqual({ width: 1, height: 100 })
})

it('sends each photo once, even when the next one breaks off', async () => {
  const drafts = ['a', 'b'].map((key) => ({ key, blob: new Blob([key]), id: null }))
  const tried: string[] = []
  const send = (failing: boolean) => (draft: { key: string }) => {
    tried.push(draft.key)
    return failing && draft.key === 'b' ? Promise.reject(new Error('cut')) : Promise.resolve(`id-${draft.key}`)
  }
  await expect(sendAll(drafts, send(true))).rejects.toThrow('cut')
  expect(await sendAll(drafts, send(false))).toEqual(['id-a', 'id-b'])
  expect(tried).toEqual(['a', 'b', 'b'])
})

it('keeps the smaller circle of two positions', () => {
  const wide = { lon: 1, lat: 1, accuracy_m: 80, at: 0 }
  const narrow = { lon: 2, lat: 2, accuracy_m: 9, at: 0 }
  expect(better(null, wide)).toBe(wide)
  expect(better(wide, narrow)).toBe(narrow)
  expect(better(narrow, wide)).toBe(narrow)
})

it('offers settling only for general disputes and services that are not sensitive', () => {
  const item = { level: 'general', sensitive: false, kind: 'dispute' }
  expect(settles(item)).toBe(true)
  expect(settles({ ...item, kind: 'service' })).toBe(true)
  expect(settles({ ...item, kind: 'public_security' })).toBe(false)
  expect(settles({ ...item, level: 'major' })).toBe(false)
  expect(settles({ ...item, sensitive: true })).toBe(false)
})

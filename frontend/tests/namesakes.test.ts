/** A name that several bear: each is told with its place, and none is taken for the other. */

import { createPinia, setActivePinia } from 'pinia'
import { nextTick, reactive } from 'vue'
import type { App, Component } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import PlacePicker from '@/admin/PlacePicker.vue'
import { admin } from '@/admin/calls'
import { api } from '@/api/calls'
import type { Unit } from '@/api/calls'
import { unitsMeant } from '@/console/units'
import CellPicker from '@/console/CellPicker.vue'
import UnitChecks from '@/console/UnitChecks.vue'
import UnitPicker from '@/console/UnitPicker.vue'
import { above, apart, unitNames } from '@/shared/namesakes'
import { useReference } from '@/shared/stores/reference'
import { drawn } from './picker'
import type { Held } from './picker'
import { settle } from './wire'
import { UNITS_OF_ONE_NAME } from './twoOfOneName'

const unit = (code: string, short: string, kind: string, place: string | null, has_liaison = true): Unit =>
  ({ id: code, code, name: kind === 'department' ? short : `${short}综治中心`, short, kind, place, has_liaison }) as never
const UNITS = UNITS_OF_ONE_NAME.map((one) => unit(...one))
const grid = (id: string, path: string, name = '第一网格') => ({ id, code: id, path, name, tier: 'grid' })

describe('names that several bear', () => {
  it('are told apart by what differs, the plainest first, and others stay as they are', () => {
    const all = [{ n: '甲', w: '东', c: '1' }, { n: '甲', w: '西', c: '2' }, { n: '乙', w: '', c: '3' }, { n: '丙', w: '东', c: '4' }, { n: '丙', w: '东', c: '5' }]
    const called = apart(all, (one) => one.n, (one) => one.w, (one) => one.c)
    expect(all.map((one) => called.get(one))).toEqual(['甲（东）', '甲（西）', '乙', '丙（4）', '丙（5）'])
    expect(apart([{ n: '甲', w: '' }, { n: '甲', w: '西' }], (one) => one.n, (one) => one.w).size).toBe(2)
  })

  it('have as their place what holds them, the district left out', () => {
    const names = new Map([['r', '河湾区'], ['r/1', '金渡镇'], ['r/1/1', '枫渚社区']])
    expect([above('r/1/1/9', names), above('r/1/1', names), above('r/1', names), above('r', names), above(null, names)]).toEqual(['金渡镇/枫渚社区', '金渡镇', '', '', ''])
  })

  it('of units, short and whole', () => {
    const names = unitNames(UNITS, (one) => one.place)
    expect(UNITS.map(names.shortOf)).toEqual(['金渡镇', '柳浦镇', '枫渚社区（金渡镇）', '枫渚社区（柳浦镇）', '联合社区', '水利局'])
    expect(names.wholeOf(UNITS[3] as Unit)).toBe('枫渚社区综治中心（柳浦镇）')
    const bodies = [unit('a', '供水所', 'department', null), unit('b', '供水所', 'department', null)]
    expect(bodies.map(unitNames(bodies, (one) => one.place).shortOf)).toEqual(['供水所（代码 a）', '供水所（代码 b）'])
  })

  it('are found with their place too, whichever way it is written', () => {
    const { whereOf } = unitNames(UNITS, (one) => one.place)
    const codes = (typed: string): string[] => unitsMeant(typed, UNITS, whereOf).map((one) => one.code)
    expect(codes('枫渚社区')).toEqual(['f1', 'f2'])
    for (const typed of ['柳浦镇枫渚', '柳浦镇/枫渚社区', '柳浦镇 枫渚社区', '枫渚社区（柳浦镇）']) expect(codes(typed)).toEqual(['f2'])
  })
})

describe('a picker', () => {
  let app: App | undefined
  let page: HTMLElement
  let held: Held

  async function opens(picker: Component, more: Record<string, unknown> = {}): Promise<void> {
    app?.unmount()
    ;({ app, page } = drawn(picker, held, more))
    await settle()
    await nextTick()
  }
  async function does(event: Event): Promise<void> {
    page.querySelector('input:not([type=radio])')?.dispatchEvent(event)
    await settle()
    await nextTick()
  }
  const field = (): HTMLInputElement => page.querySelector('input:not([type=radio])') as HTMLInputElement
  async function types(text: string): Promise<void> {
    field().value = text
    await does(new Event('input'))
  }
  const enters = (): Promise<void> => does(new KeyboardEvent('keydown', { key: 'Enter' }))
  const shown = (selector: string): (string | undefined)[] => [...page.querySelectorAll(selector)].map((one) => one.textContent?.trim())
  const said = (): boolean => page.textContent?.includes('有 2 个同名，没有选定') ?? false

  beforeEach(() => {
    setActivePinia(createPinia())
    useReference().reference = { ...useReference().reference, units: UNITS }
    held = reactive({ value: null, typed: undefined })
  })
  afterEach(() => {
    app?.unmount()
    app = undefined
    vi.restoreAllMocks()
  })

  it('of a unit shows both with their places and takes neither, by typing or by Enter', async () => {
    await opens(UnitPicker, { suggested: null })
    await types('枫渚社区')
    expect([held.value, shown('.unit span'), said()]).toEqual([null, ['枫渚社区综治中心（金渡镇）', '枫渚社区综治中心（柳浦镇）'], true])
    await enters()
    expect(held.value).toBeNull()
    await types('柳浦镇枫渚')
    expect([held.value, said()]).toEqual(['f2', false])
    await types('联合')
    expect(held.value).toBe('lianhe')
  })

  it('of a unit gives up what was suggested once a name is typed that another bears too', async () => {
    held.value = 'f1'
    await opens(UnitPicker, { suggested: 'f1' })
    await types('枫渚社区')
    expect([held.value, said()]).toEqual([null, true])
    page.querySelectorAll('input[type=radio]')[1]?.dispatchEvent(new Event('change'))
    await nextTick()
    expect([held.value, said(), useReference().unitName('f2')]).toEqual(['f2', false, '枫渚社区（柳浦镇）'])
  })

  it('of a unit does not take the only one that somebody answers for, where its namesake is closed', async () => {
    useReference().reference = { ...useReference().reference, units: UNITS.map((one) => (one.code === 'f1' ? { ...one, has_liaison: false } : one)) }
    await opens(UnitPicker, { suggested: null })
    await types('枫渚社区')
    expect([held.value, said()]).toEqual([null, true])
    await enters()
    expect(held.value).toBeNull()
  })

  it('of several units adds neither by Enter, and one by its place', async () => {
    held.value = []
    await opens(UnitChecks, { label: '协办单位', optional: true })
    await types('枫渚社区')
    expect(shown('.found li')).toEqual(['+ 枫渚社区综治中心（金渡镇）', '+ 枫渚社区综治中心（柳浦镇）'])
    await enters()
    expect([held.value, said()]).toEqual([[], true])
    await types('柳浦镇/枫渚社区')
    await enters()
    expect([held.value, shown('.chosen li')[0]?.includes('枫渚社区（柳浦镇）')]).toEqual([['f2'], true])
  })

  it('of a grid shows each with its place, takes none by Enter, and names the chosen one so that it is known again', async () => {
    const cells = [grid('11', 'r/1/1/11'), grid('21', 'r/2/1/21'), grid('22', 'r/2/1/22', '第二网格')]
    vi.spyOn(api, 'cells').mockResolvedValue({ features: cells.map((properties) => ({ properties })) } as never)
    held.value = ''
    await opens(CellPicker, { label: '网格', by: 'code' })
    await types('第一网格')
    expect(shown('.found button')).toEqual(['第一网格（金渡镇/枫渚社区） 11', '第一网格（柳浦镇/枫渚社区） 21'])
    await enters()
    expect([held.value, said()]).toEqual(['', true])
    await types('柳浦镇 第一网格')
    await enters()
    expect([held.value, field().value]).toEqual(['21', '第一网格（柳浦镇/枫渚社区）'])
    held = reactive({ value: '11', typed: undefined })
    await opens(CellPicker, { label: '网格', by: 'code' })
    expect(field().value).toBe('第一网格（金渡镇/枫渚社区）')
  })

  it('of a place of any tier likewise, by the names of the list itself', async () => {
    const place = (path: string, name: string, tier: string) => ({ properties: { id: path, path, name, tier } })
    const all = [place('r/1', '金渡镇', 'township'), place('r/2', '柳浦镇', 'township'), place('r/1/1', '枫渚社区', 'community'), place('r/2/1', '枫渚社区', 'community')]
    vi.spyOn(api, 'middles').mockResolvedValue({ features: all } as never)
    useReference().reference = { ...useReference().reference, units: [] }
    held.value = ''
    await opens(CellPicker, { label: '地点', by: 'path' })
    await types('枫渚社区')
    await enters()
    expect([held.value, said(), shown('.found button').map((one) => one?.split('）')[0])]).toEqual(['', true, ['枫渚社区（金渡镇', '枫渚社区（柳浦镇']])
  })

  it('of an administrator’s place shows what holds it', async () => {
    const place = (id: string, above: string) => ({ id, code: `3301${id}`, name: '枫渚社区', path: id, tier: 'community', above })
    vi.spyOn(admin, 'places').mockResolvedValue([place('1', '金渡镇'), place('2', '柳浦镇')])
    held.value = ''
    await opens(PlacePicker, { tiers: ['community'], label: '辖区' })
    expect(shown('option')).toEqual(['枫渚社区（金渡镇，33011）', '枫渚社区（柳浦镇，33012）'])
    expect(held.value).toBe('')
  })
})

/** What is typed into a picker and not chosen: kept with its form, said, and asked for before the form is sent. */

import { createPinia, setActivePinia } from 'pinia'
import { nextTick, reactive } from 'vue'
import type { App, Component } from 'vue'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import CellPicker from '@/console/CellPicker.vue'
import ItemPicker from '@/console/ItemPicker.vue'
import UnitChecks from '@/console/UnitChecks.vue'
import UnitPicker from '@/console/UnitPicker.vue'
import { useReference } from '@/shared/stores/reference'
import { drawn } from './picker'
import type { Held } from './picker'

const unit = (code: string, name: string) => ({ id: code, code, name, short: name, has_liaison: true })
const item = (code: string, name: string) => ({ code, item_zh: name, category_zh: '公共设施', keywords: [], level: 'general' })

describe('a picker', () => {
  let app: App | undefined
  let page: HTMLElement
  let held: Held

  /** Opened, or taken up again with what the form held. */
  function opens(picker: Component, more: Record<string, unknown> = {}): void {
    app?.unmount()
    ;({ app, page } = drawn(picker, held, more))
  }
  const field = (): HTMLInputElement => page.querySelector('input:not([type=radio])') as HTMLInputElement
  const undecided = (): boolean => page.querySelector('[data-undecided]') !== null
  async function does(event: Event): Promise<void> {
    field().dispatchEvent(event)
    await nextTick()
    await nextTick()
  }
  async function types(text: string): Promise<void> {
    field().value = text
    await does(new Event('input'))
  }

  beforeEach(() => {
    setActivePinia(createPinia())
    useReference().reference = {
      ...useReference().reference,
      units: [unit('chengguan', '城市管理局'), unit('water', '水利局'), unit('housing', '住建局')] as never,
      catalogue: [item('0201', '井盖缺损'), item('0202', '路灯不亮')] as never,
    }
    held = reactive({ value: null, typed: undefined })
  })
  afterEach(() => {
    app?.unmount()
    app = undefined
  })

  it('of an item keeps what is typed, says that nothing is chosen, and forgets it when something is', async () => {
    opens(ItemPicker)
    await types('井盖')
    await does(new Event('blur'))
    expect([held.value, held.typed, undecided(), page.textContent?.includes('“井盖”还没有选定')]).toEqual([null, '井盖', true, true])
    opens(ItemPicker)
    expect([field().value, undecided(), page.textContent?.includes('“井盖”还没有选定')]).toEqual(['井盖', true, true])
    await does(new Event('focus'))
    await does(new KeyboardEvent('keydown', { key: 'Enter' }))
    expect([held.value, held.typed, field().value, undecided()]).toEqual(['0201', undefined, '井盖缺损', false])
  })

  it('of an item says nothing of a search that was emptied', async () => {
    opens(ItemPicker)
    await types('井盖')
    await types('')
    await does(new Event('blur'))
    expect([held.typed, undecided(), page.textContent?.includes('还没有选定')]).toEqual([undefined, false, false])
  })

  it('of several units keeps a name that was not added, and says so', async () => {
    held.value = []
    opens(UnitChecks, { label: '协办单位', optional: true })
    await types('城管')
    opens(UnitChecks, { label: '协办单位', optional: true })
    expect([field().value, undecided(), page.textContent?.includes('“城管”还没有加入')]).toEqual(['城管', true, true])
    await does(new KeyboardEvent('keydown', { key: 'Enter' }))
    expect([held.value, held.typed, undecided()]).toEqual([['chengguan'], undefined, false])
  })

  it('of a unit shows what was typed beside what it chose, when it is opened again', async () => {
    held.value = 'housing'
    opens(UnitPicker, { suggested: 'housing' })
    await types('水利')
    opens(UnitPicker, { suggested: 'housing' })
    const shown = [...page.querySelectorAll('.unit')].map((one) => [one.textContent?.includes('水利局'), one.classList.contains('chosen')])
    expect([held.value, field().value, shown]).toEqual(['water', '水利', [[true, true]]])
  })

  it('of a grid keeps a name that is not chosen', async () => {
    held.value = ''
    opens(CellPicker, { label: '网格', by: 'code' })
    await types('金渡')
    opens(CellPicker, { label: '网格', by: 'code' })
    expect([field().value, undecided()]).toEqual(['金渡', true])
  })
})

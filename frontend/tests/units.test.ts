/** Whom an order goes to is found by typing, and what is chosen is what was typed. */

import { createPinia, setActivePinia } from 'pinia'
import { createApp, h, nextTick, ref } from 'vue'
import type { App } from 'vue'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Unit } from '@/api/calls'
import { unitsMeant } from '@/console/units'
import UnitPicker from '@/console/UnitPicker.vue'
import { useReference } from '@/shared/stores/reference'

const unit = (code: string, name: string, short: string): Unit => ({ id: code, code, name, short, has_liaison: true }) as never
const UNITS = [
  unit('chengguan', '综合行政执法局（城市管理局）', '综合执法局'),
  unit('housing', '住房和城乡建设局', '住建局'),
  unit('renshe', '人力资源和社会保障局', '人社局'),
  unit('water', '水利局', '水利局'),
]
const codes = (typed: string): string[] => unitsMeant(typed, UNITS).map((one) => one.code)

describe('the search for a unit', () => {
  it('takes a part of the name, the short name or the code, else the name as people shorten it', () => {
    expect([codes('城管'), codes('住建'), codes('RENSHE'), codes('人保局')]).toEqual([['chengguan'], ['housing'], ['renshe'], ['renshe']])
    expect([codes('局').length, codes('').length, codes('管城')]).toEqual([4, 4, []])
  })
})

describe('the unit picker', () => {
  let app: App
  let page: HTMLElement
  const chosen = ref<string | null>(null)

  async function types(text: string): Promise<void> {
    const field = page.querySelector<HTMLInputElement>('input[type=search]') as HTMLInputElement
    field.value = text
    field.dispatchEvent(new Event('input'))
    await nextTick()
    await nextTick()
  }
  beforeEach(() => {
    setActivePinia(createPinia())
    useReference().reference = { ...useReference().reference, units: UNITS }
    chosen.value = 'housing'
    page = document.createElement('div')
    app = createApp({
      render: () =>
        h(UnitPicker, { suggested: 'housing', invalid: false, modelValue: chosen.value, 'onUpdate:modelValue': (now: string | null) => (chosen.value = now) }),
    })
    app.mount(page)
  })
  afterEach(() => {
    app.unmount()
  })

  it('never goes on with a unit that was not typed', async () => {
    await types('城管')
    expect(chosen.value).toBe('chengguan')
    await types('消防')
    expect([chosen.value, page.textContent?.includes('消防')]).toEqual([null, true])
    await types('')
    expect(chosen.value).toBe('housing')
    await types('建设')
    expect(chosen.value).toBe('housing')
  })

  it('has what the button names on top of its list, whatever was typed and taken back', async () => {
    for (const typed of ['水利', '', 'gaj', '']) await types(typed)
    await nextTick()
    const first = page.querySelector('.unit')
    expect([chosen.value, first?.textContent?.includes('水利局'), first?.classList.contains('chosen')]).toEqual(['water', true, true])
  })
})

/** The units that an item names: by a name that two bear none is taken. */

import { createPinia, setActivePinia } from 'pinia'
import { createApp, nextTick } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import ItemDialog from '@/admin/ItemDialog.vue'
import { UNITS_OF_ONE_NAME } from './twoOfOneName'

const unit = (code: string, short: string, kind: string, cell_path: string | null) =>
  ({ id: code, code, name: short, short, kind, cell_path, version: 1, posts: 1, retired_at: null, stationing: 'cloud' })
const UNITS = UNITS_OF_ONE_NAME.map((one) => unit(...one))

describe('an item of the catalogue', () => {
  it('takes no unit by a name that two bear: both are told, and a place or code tells which', async () => {
    HTMLDialogElement.prototype.showModal = vi.fn()
    setActivePinia(createPinia())
    const page = document.createElement('div')
    const item = { id: 'i', code: '0201', item_zh: '井盖缺损', version: 1, lead_department: 'f2', co_departments: ['f1'], level: 'general', keywords: [], urgent: false, on_scene_within_min: null, sensitive: false }
    const app = createApp(ItemDialog, { item: item as never, units: UNITS as never })
    app.mount(page)
    const field = page.querySelector<HTMLInputElement>('[name=co]') as HTMLInputElement
    const types = async (text: string): Promise<string | null | undefined> => {
      field.value = text
      field.dispatchEvent(new Event('input'))
      await nextTick()
      return page.querySelector('.field-error')?.textContent
    }
    expect(field.value).toBe('枫渚社区（金渡镇）')
    expect([...page.querySelectorAll('[name=lead] option')].map((one) => one.textContent)).toContain('枫渚社区（柳浦镇）')
    expect(await types('水利局、枫渚社区')).toBe('“枫渚社区”有 2 个：枫渚社区（金渡镇） f1、枫渚社区（柳浦镇） f2。请改写成其中一个的代码。')
    for (const known of ['水利局、枫渚社区（柳浦镇）', 'f2', '联合社区']) expect(await types(known)).toBeUndefined()
    expect(await types('没有的局')).toBe('没有这个单位：没有的局')
    app.unmount()
  })
})

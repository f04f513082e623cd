/** A list taken in: nothing before its dry run, no answer under another file, no first password gone unasked. */

import { createPinia, setActivePinia } from 'pinia'
import { createApp, nextTick } from 'vue'
import type { App } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import ImportSection from '@/admin/ImportSection.vue'
import { admin } from '@/admin/calls'
import type { DryRun, TakenIn } from '@/admin/calls'
import { rememberedKey } from '@/admin/takenLists'
import { Refusal, Unreachable } from '@/api/client'
import * as csv from '@/shared/csv'
import { useSession } from '@/shared/stores/session'

const FAULT = { row: 3, column: '单位', why: '有两个“城关所”', remedy: '请写代码' }
const DRY: DryRun = { rows: 3, good: 2, bad: 1, faults: [FAULT], left_out: [{ what: '批注', count: 2, why: '不是数据' }] }
const ONE = { row: 1, name: '夏知行', username: 'xia', first_password: 'river-7' }
const TAKEN: TakenIn = {
  again: false,
  rows: 3,
  enrolled: [ONE, { row: 2, name: '岑小桥', username: 'cen', first_password: null }],
  faults: [FAULT],
  left_out: [],
}
const AGAIN = '再取一次导入结果'

describe('the import of a list', () => {
  let app: App
  let page: HTMLElement
  const list = (name: string, text = name): File => new File([text], name, { type: 'text/csv' })

  const button = (says: string): HTMLButtonElement | undefined =>
    [...page.querySelectorAll('button')].find((one) => one.textContent.includes(says))
  function press(says: string): void {
    const one = button(says)
    if (!one || one.disabled) throw new Error(`no button says ${says}: ${page.textContent}`)
    one.click()
  }
  const field = (): HTMLInputElement => page.querySelector('input[type=file]') as HTMLInputElement
  function choose(file: File): void {
    Object.defineProperty(field(), 'files', { configurable: true, value: [file] })
    field().dispatchEvent(new Event('change'))
  }
  const says = (words: string): Promise<void> =>
    vi.waitFor(() => {
      expect(page.textContent).toContain(words)
    })
  async function tried(file: File): Promise<void> {
    choose(file)
    await nextTick()
    press('试运行')
    await says('导入 2 人')
  }

  beforeEach(() => {
    setActivePinia(createPinia())
    vi.spyOn(useSession(), 'may').mockReturnValue(true)
    localStorage.clear()
    vi.spyOn(admin, 'check').mockResolvedValue(DRY)
    vi.spyOn(admin, 'takePeople').mockResolvedValue(TAKEN)
    page = document.body.appendChild(document.createElement('div'))
    app = createApp(ImportSection)
    app.mount(page)
  })
  afterEach(() => {
    app.unmount()
    page.remove()
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })

  it('says row by row what is wrong before anything is taken in', async () => {
    expect(button('试运行')?.disabled).toBe(true)
    await tried(list('人员.csv'))
    for (const words of ['共 3 行：2 行可导入，1 行有问题', '有两个“城关所”', '请写代码', '批注：2 处，不是数据']) {
      expect(page.textContent).toContain(words)
    }
    expect(admin.takePeople).not.toHaveBeenCalled()
  })

  it('offers nothing to take in where no row is good', async () => {
    vi.mocked(admin.check).mockResolvedValue({ ...DRY, good: 0, bad: 3 })
    choose(list('人员.csv'))
    await nextTick()
    press('试运行')
    await says('0 行可导入')
    expect(button('导入 0')).toBeUndefined()
  })

  it('takes no other file while one is being looked through: the answer is of that one', async () => {
    let answer: (dry: DryRun) => void = () => undefined
    vi.mocked(admin.check).mockReturnValue(new Promise((done) => (answer = done)))
    choose(list('人员.csv'))
    await nextTick()
    press('试运行')
    await nextTick()
    expect(field().disabled).toBe(true)
    expect([...page.querySelectorAll<HTMLInputElement>('input[type=radio]')].map((one) => one.disabled)).toEqual([true, true, true])
    answer(DRY)
    await says('导入 2 人')
    expect(field().disabled).toBe(false)
  })

  it('forgets the dry run of the file before', async () => {
    await tried(list('人员.csv'))
    choose(list('另一份.csv'))
    await nextTick()
    expect(button('导入 2 人')).toBeUndefined()
    expect(page.textContent).not.toContain('城关所')
  })

  it('keeps the first passwords until they are in hand: leaving them is asked first', async () => {
    const confirm = vi.fn(() => false)
    vi.stubGlobal('confirm', confirm)
    const saved = vi.spyOn(csv, 'save').mockReturnValue(undefined)
    const file = list('人员.csv')
    await tried(file)
    press('导入 2 人')
    await says('已导入 2 人。其中 1 人的初始密码在此')
    const leaving = new Event('beforeunload', { cancelable: true })
    dispatchEvent(leaving)
    expect(leaving.defaultPrevented).toBe(true)
    choose(list('另一份.csv'))
    expect(confirm).toHaveBeenCalledOnce()
    await nextTick()
    expect(page.textContent).toContain('其中 1 人的初始密码在此')
    press('下载初始密码表')
    expect(saved.mock.calls[0]?.[1]).toContain('夏知行,xia,river-7')
    expect(saved.mock.calls[0]?.[1]).not.toContain('cen')
    await vi.waitFor(async () => {
      expect(await rememberedKey('people', file)).toBeNull()
    })
    const free = new Event('beforeunload', { cancelable: true })
    dispatchEvent(free)
    expect(free.defaultPrevented).toBe(false)
  })

  it('asks once more under the same key for an answer that did not come, also when the page was opened anew', async () => {
    vi.mocked(admin.takePeople).mockRejectedValueOnce(new Unreachable('cut'))
    await tried(list('人员.csv', '同一份'))
    press('导入 2 人')
    await vi.waitFor(() => {
      expect(page.querySelector('[role=alert]')).not.toBeNull()
    })
    app.unmount()
    app = createApp(ImportSection)
    app.mount(page)
    choose(list('改了名.csv', '同一份')) // by what is in it, not by its name
    await says('这份表已从这台电脑提交过')
    press(AGAIN)
    await says('已导入 2 人')
    const [first, second] = vi.mocked(admin.takePeople).mock.calls
    expect(second?.[1]).toBe(first?.[1])
  })

  it('does not say of a list that was refused that it was handed in', async () => {
    const problem = { code: 'import.column_missing', title: '不能导入', status: 422, detail: '表中没有“姓名”一列。' } as const
    vi.mocked(admin.takePeople).mockRejectedValueOnce(new Refusal(problem))
    const file = list('人员.csv')
    await tried(file)
    press('导入 2 人')
    await says('表中没有“姓名”一列。')
    await vi.waitFor(async () => {
      expect(await rememberedKey('people', file)).toBeNull()
    })
    expect(button(AGAIN)).toBeUndefined()
  })
})

/** 接班: a shift begins when somebody says that the sound was heard, never by itself. Source: docs/rules.md, "Duty". */

import { createApp, nextTick, reactive } from 'vue'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api } from '@/api/calls'
import { Refusal } from '@/api/client'
import TurnBand from '@/console/TurnBand.vue'
import { useSession } from '@/shared/stores/session'

const shift = reactive({ on: false, silent: false, hearing: 'running', ring: vi.fn() })
vi.mock('@/console/shift', () => ({ useShift: () => shift }))

let page: HTMLElement
let leave: () => void
async function opens(rights: string[] = ['calls.telephone']): Promise<void> {
  page = document.createElement('div')
  const pinia = createPinia()
  setActivePinia(pinia)
  useSession().session = { person: { id: 'p' }, posts: [], rights } as never
  const app = createApp(TurnBand)
  app.use(pinia).mount(page)
  leave = () => {
    app.unmount()
  }
  await settled()
}
async function settled(): Promise<void> {
  for (let n = 0; n < 6; n += 1) await nextTick()
}
const band = (): Element | null => page.querySelector('[data-testid=turn]')
const heard = (): HTMLButtonElement | null => page.querySelector<HTMLButtonElement>('[data-testid=heard]')

describe('a shift begins', () => {
  beforeEach(() => {
    Object.assign(shift, { on: false, silent: false, hearing: 'running' })
    vi.spyOn(api, 'ownShift').mockResolvedValue({ post: 'x', began_at: null })
    vi.spyOn(api, 'beginShift').mockResolvedValue({} as never)
    vi.spyOn(api, 'endShift').mockResolvedValue({} as never)
  })
  afterEach(() => {
    leave()
    vi.restoreAllMocks()
  })

  it('when the sound was heard, and ends with it', async () => {
    await opens()
    expect(band()).toBeNull()
    shift.on = true
    await settled()
    expect(band()).not.toBeNull()
    expect(api.beginShift).not.toHaveBeenCalled()
    heard()?.click()
    await settled()
    expect(api.beginShift).toHaveBeenCalledTimes(1)
    expect(band()).toBeNull()
    shift.on = false
    await settled()
    expect(api.endShift).toHaveBeenCalledTimes(1)
  })

  it('not on a device without sound', async () => {
    Object.assign(shift, { on: true, silent: true, hearing: 'silent' })
    await opens()
    expect(heard()?.disabled).toBe(true)
    expect(band()?.textContent).toContain('没有声音')
  })

  it('once, wherever: what began on another device is not asked for again', async () => {
    vi.mocked(api.beginShift).mockRejectedValue(new Refusal({ status: 409, code: 'attendance.begun', title: '', type: '', detail: '您已接班。' }))
    shift.on = true
    await opens()
    vi.mocked(api.ownShift).mockResolvedValue({ post: 'x', began_at: '2026-12-01T00:00:00Z' })
    heard()?.click()
    await settled()
    expect(band()).toBeNull()
  })

  it('not for who is not of the desk', async () => {
    shift.on = true
    await opens(['issues.read'])
    expect(band()).toBeNull()
    expect(api.ownShift).not.toHaveBeenCalled()
  })
})

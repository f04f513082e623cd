/** The next step of the own order: what the key would do is what has just come, not what is still drawn. */

import { createPinia, setActivePinia } from 'pinia'
import { createApp, h, ref } from 'vue'
import type { App } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { IssueDetail } from '@/api/calls'
import { useDetail } from '@/console/detail'
import OrderSteps from '@/console/OrderSteps.vue'
import { settle } from './wire'

const told = (version: number, verb: string): IssueDetail =>
  ({ id: 'i1', version, card: {}, merged: [], orders: [{ id: 'o1', version, card: { number: '000001' }, open_verbs: [verb] }] }) as unknown as IssueDetail

interface Shown {
  first: string | null
  busy: boolean
  next: () => void
}
let app: App
let page: HTMLElement
let sent: string[]
const steps = ref<Shown | null>(null)

/** The steps of an order that was sent; no request is ever answered. */
async function shows(waits: boolean): Promise<ReturnType<typeof useDetail>> {
  const store = useDetail()
  store.id = 'i1'
  store.detail = told(1, 'acknowledge')
  page = document.createElement('div')
  app = createApp({ render: () => h(OrderSteps, { ref: steps, first: true, waits }) })
  app.mount(page)
  await settle()
  return store
}
const asked = (): string[] => sent.filter((url) => url.includes('/orders/'))

beforeEach(() => {
  setActivePinia(createPinia())
  sent = []
  vi.stubGlobal('fetch', (url: string) => {
    sent.push(url)
    return new Promise<Response>(() => undefined)
  })
})
afterEach(() => {
  app.unmount()
  vi.unstubAllGlobals()
})

it('is known before it is drawn, so that a press that was kept is not done twice', async () => {
  const store = await shows(false)
  expect(steps.value?.first).toBe('o1/acknowledge')
  store.detail = told(2, 'start') // no drawing between
  expect(steps.value?.first).toBe('o1/start')
  steps.value?.next()
  await settle()
  expect([asked(), steps.value?.busy]).toEqual([[expect.stringContaining('/orders/o1/start')], true])
})

it('does nothing by a press on a button that looks off', async () => {
  await shows(true)
  page.querySelector<HTMLElement>('[data-order-verb=acknowledge]')?.click()
  await settle()
  expect(asked()).toEqual([])
})

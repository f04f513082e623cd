/** Ways outside the house: set up without a secret ever coming back, tested; and the desk is told which fail. */

import { createPinia, setActivePinia } from 'pinia'
import { createApp, nextTick } from 'vue'
import type { App, Component } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import OutsideSection from '@/admin/OutsideSection.vue'
import { api } from '@/api/calls'
import TelephoneBand from '@/console/TelephoneBand.vue'
import { useKeeper } from '@/shared/keeper/keeper'
import { useSession } from '@/shared/stores/session'
import { everyByte, lying, memoryShelf, someKey } from './shelf'
import type { Lying } from './shelf'
import { settle } from './wire'

const SECRET = 'a-secret-of-the-centre'
const WAY = {
  id: 'w1', kind: 'sms', rank: 1, in_use: true, address: 'https://10.1.2.3/send', intranet: true, corp: '', agent: null, version: 4,
  failing_since: null, last_outcome: null, test_asked_at: null, tested_at: null, test_outcome: null,
}

describe('an outside way', () => {
  let device: Lying
  let app: App | undefined
  let page: HTMLElement
  let rows: unknown[]
  let sent: { path: string; body: unknown; version: string | null }[]

  async function shows(what: Component): Promise<void> {
    app?.unmount()
    page = document.createElement('div')
    document.body.replaceChildren(page)
    app = createApp(what)
    app.mount(page)
    await vi.waitFor(() => {
      expect(page.textContent).not.toContain('载入中')
    })
    await settle()
    await nextTick()
  }
  const at = <T extends HTMLElement = HTMLInputElement>(selector: string): T => {
    const found = page.querySelector<T>(selector)
    if (!found) throw new Error(`nothing at ${selector}: ${page.innerHTML}`)
    return found
  }
  async function opens(): Promise<void> {
    at('[data-testid=outside-sms] button').click()
    await settle()
    await nextTick()
  }
  async function types(name: string, text: string): Promise<void> {
    at(`[name=${name}]`).value = text
    at(`[name=${name}]`).dispatchEvent(new Event('input'))
    await nextTick()
  }
  async function sends(): Promise<void> {
    const before = sent.length
    at('dialog form').dispatchEvent(new Event('submit'))
    await vi.waitFor(() => {
      expect(sent.length).toBe(before + 1)
    })
    await vi.waitFor(() => {
      expect(page.querySelector('dialog')).toBeNull()
    })
  }

  beforeEach(async () => {
    HTMLDialogElement.prototype.showModal = vi.fn()
    device = lying()
    rows = [WAY]
    sent = []
    setActivePinia(createPinia())
    useSession().session = { person: { id: 'me', name: '' }, posts: [], verbs: [], rights: [] } as never
    vi.spyOn(useSession(), 'may').mockReturnValue(true)
    vi.spyOn(api, 'draftKey').mockResolvedValue({ ...(await someKey()), kept_days: 7 })
    vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
      if (init.method !== 'POST') return Promise.resolve(new Response(JSON.stringify(rows), { status: 200 }))
      const body: unknown = init.body ? JSON.parse(init.body as string) : null
      sent.push({ path: url, body, version: new Headers(init.headers).get('If-Match') })
      return Promise.resolve(new Response('{}', { status: 200 }))
    })
    await useKeeper().open('me', memoryShelf(device))
  })
  afterEach(() => {
    app?.unmount()
    app = undefined
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })

  it('keeps the secret that it has where none is entered, and nothing of one on the device', async () => {
    await shows(OutsideSection)
    await opens()
    expect(at('[name=secret]').value).toBe('')
    await sends()
    expect(sent.at(-1)).toMatchObject({ path: '/api/v1/admin/outside-ways/sms', body: { rank: 1, secret: null, intranet: true } })
    expect(sent.at(-1)?.version).toContain('4')
    await opens()
    await types('secret', SECRET)
    await types('address', 'https://10.9.9.9/send')
    await useKeeper().written()
    expect(everyByte(device)).not.toContain(SECRET)
    await sends()
    expect(sent.at(-1)?.body).toMatchObject({ secret: SECRET, address: 'https://10.9.9.9/send' })
  })

  it('is tested by a button, and says what came of it', async () => {
    await shows(OutsideSection)
    const [, test] = page.querySelectorAll<HTMLButtonElement>('[data-testid=outside-sms] button')
    rows = [{ ...WAY, version: 6, tested_at: '2026-11-30T01:00:00Z', test_outcome: 'secret_wrong' }]
    test?.click()
    await vi.waitFor(() => {
      expect(page.querySelector('[data-testid=test-outcome]')?.textContent).toContain('密钥不被接受')
    })
    expect(sent.at(-1)?.path).toBe('/api/v1/admin/outside-ways/sms/test')
    expect(page.querySelector('[data-testid=outside-wecom]')?.textContent).toContain('未设置')
  })

  it('that fails is told on the desk with its reason', async () => {
    vi.spyOn(api, 'failingWays').mockResolvedValue([{ kind: 'sms', since: '2026-11-30T01:00:00Z', outcome: 'timed_out' }])
    await shows(TelephoneBand)
    expect(page.querySelector('[data-testid=failing-way]')?.textContent).toMatch(/短信网关自.*超时.*请改打电话/)
  })
})

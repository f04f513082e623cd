/** What an administrator has half written in any form: kept, offered by name, opened again, and gone once it was sent. */

import { createPinia, setActivePinia } from 'pinia'
import { createApp, effectScope, nextTick, ref } from 'vue'
import type { App, Component } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import ChannelsSection from '@/admin/ChannelsSection.vue'
import ClientsSection from '@/admin/ClientsSection.vue'
import ContactsDialog from '@/admin/ContactsDialog.vue'
import DelegationsSection from '@/admin/DelegationsSection.vue'
import PeopleSection from '@/admin/PeopleSection.vue'
import { lost, reopen, useReopened } from '@/admin/reopened'
import SettingsSection from '@/admin/SettingsSection.vue'
import UnitsSection from '@/admin/UnitsSection.vue'
import { api } from '@/api/calls'
import { useKeeper } from '@/shared/keeper/keeper'
import { useSession } from '@/shared/stores/session'
import { everyByte, lying, memoryShelf, someKey } from './shelf'
import type { Lying } from './shelf'
import { settle } from './wire'

const SECRET = 'relay60-secret-key-of-110'
const CHANNEL = { id: 'c1', version: 3, code: 'police_source', name_zh: '警源', source_family: 'police', reporter_known: true, rules: [], retired_at: null }
const SETTING = { name: 'amber_share', name_zh: '黄灯', value: 80, default: 80, least: 50, most: 95, unit_zh: '%', version: 2 }
const ADDRESS = { name: 'public_url', name_zh: '公开网址', value: '', default: '', least: 0, most: 200, unit_zh: '', version: 1 }
const UNIT = { id: 'u1', version: 5, code: 'power', name: '供电公司', short: '供电', kind: 'department', stationing: 'cloud', cell_path: null, retired_at: null, posts: 2 }
const DESK = { ...UNIT, id: 'desk', code: 'duty_desk', name: '值班席', short: '值班席', kind: 'desk' }
const person = (id: string, name: string, post: string, role: string, unit: string) => ({
  id, version: 7, name, username: id, phone: null, active: true, must_change_password: false,
  posts: [{ id: post, role, unit, unit_id: unit === '供电' ? 'u1' : 'desk', unit_kind: unit === '供电' ? 'department' : 'desk', cell: null }],
})
const PEOPLE = [person('li.si', '李四', 'p1', 'liaison', '供电'), person('wang.wu', '王五', 'p2', 'liaison', '供电')]
const OFFICERS = [person('duty1', '林晓舟', 'o1', 'duty_officer', '值班席'), person('duty2', '林晓舟', 'o2', 'duty_officer', '值班席')]

interface Asked {
  path: string
  body: unknown
  key: string | null
}

describe('a form of the administrator', () => {
  let device: Lying
  let app: App | undefined
  let page: HTMLElement
  let asked: Asked[]
  let answer: (path: string) => unknown

  async function comes(): Promise<void> {
    app?.unmount()
    setActivePinia(createPinia())
    useSession().session = { person: { id: 'me', name: '' }, posts: [], verbs: [], rights: ['admin.people', 'admin.units'] } as never
    vi.spyOn(useSession(), 'may').mockReturnValue(true)
    await useKeeper().open('me', memoryShelf(device))
  }
  async function shows(section: Component, props: Record<string, unknown> = {}): Promise<void> {
    app?.unmount()
    page = document.createElement('div')
    document.body.replaceChildren(page)
    app = createApp(section, props)
    app.mount(page)
    await settle()
    await nextTick()
  }
  const at = <T extends HTMLElement = HTMLInputElement>(selector: string): T => {
    const found = page.querySelector<T>(selector)
    if (!found) throw new Error(`nothing at ${selector}: ${page.innerHTML}`)
    return found
  }
  async function taps(selector: string): Promise<void> {
    at(selector).click()
    await settle()
    await nextTick()
  }
  async function writes(name: string, text: string, event = 'input'): Promise<void> {
    at(`[name=${name}]`).value = text
    at(`[name=${name}]`).dispatchEvent(new Event(event))
    await nextTick()
  }
  async function sends(): Promise<void> {
    at('dialog form').dispatchEvent(new Event('submit'))
    await vi.waitFor(() => {
      expect(asked.length).toBeGreaterThan(0)
    })
    await settle()
    await nextTick()
  }
  /** The page is left and comes again: what is offered, by its titles. */
  async function leaves(): Promise<string[]> {
    await useKeeper().written()
    await comes()
    return useKeeper().offers.map((one) => one.title)
  }
  async function takesUp(section: Component): Promise<void> {
    const [offer] = useKeeper().offers
    if (!offer) throw new Error('nothing is offered')
    reopen(offer)
    await shows(section)
    await vi.waitFor(() => {
      expect(page.querySelector('[data-testid=resumed]')).not.toBeNull()
    })
  }
  async function nothingStays(): Promise<void> {
    await useKeeper().written()
    expect([await leaves(), device.pieces.size]).toEqual([[], 0])
  }

  beforeEach(async () => {
    HTMLDialogElement.prototype.showModal = vi.fn()
    device = lying()
    asked = []
    answer = () => ({})
    const key = await someKey()
    vi.spyOn(api, 'draftKey').mockResolvedValue({ ...key, kept_days: 7 })
    const lists: Record<string, unknown> = {
      '/channels': [CHANNEL], '/api-clients': [{ id: 'k', name: '旧平台', channels: [], made_at: '2026-11-01T00:00:00Z', revoked_at: null, version: 1 }], '/settings': [SETTING, ADDRESS], '/units': [UNIT, DESK], '/delegations': [], '/units/u1/contacts': [],
    }
    vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
      const path = url.replace('/api/v1/admin', '')
      if (init.method === 'POST') {
        asked.push({ path, body: init.body ? JSON.parse(init.body as string) : null, key: new Headers(init.headers).get('Idempotency-Key') })
        return Promise.resolve(new Response(JSON.stringify(answer(path)), { status: 200 }))
      }
      const bare = path.split('?')[0] ?? ''
      const people = path.includes('unit=desk') ? OFFICERS : path.includes('q=wang.wu') ? PEOPLE.slice(1) : path.includes('unit=u1') ? PEOPLE : PEOPLE.slice(0, 1)
      const found = bare === '/people' ? { people, cursor: null } : bare === '/places' ? [] : lists[bare]
      return Promise.resolve(new Response(JSON.stringify(found ?? {}), { status: 200 }))
    })
    await comes()
  })
  afterEach(() => {
    app?.unmount()
    app = undefined
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })

  it('of a new channel', async () => {
    await shows(ChannelsSection)
    await taps('[data-testid=add-channel]')
    await writes('name', '微信群')
    await writes('code', 'wechat_group')
    expect(await leaves()).toEqual(['新增渠道'])
    await takesUp(ChannelsSection)
    expect([at('[name=name]').value, at('[name=code]').value]).toEqual(['微信群', 'wechat_group'])
    await sends()
    expect(asked.map((one) => one.path)).toEqual(['/channels'])
    await nothingStays()
  })

  it('of a channel that is amended, named by it', async () => {
    await shows(ChannelsSection)
    await taps('[data-testid=channel-police_source] .acts button')
    await writes('name', '警源（非警务）')
    expect(await leaves()).toEqual(['修改 警源'])
    await takesUp(ChannelsSection)
    expect(at('[name=name]').value).toBe('警源（非警务）')
    await sends()
    expect(asked).toMatchObject([{ path: '/channels/c1/amend', body: { name_zh: '警源（非警务）' } }])
    await nothingStays()
  })

  it('of an API client, of whose key nothing is ever kept', async () => {
    await shows(ClientsSection)
    await taps('.tools button, button.primary')
    await writes('name', '110 接警台')
    expect(await leaves()).toEqual(['新增接口客户端'])
    await takesUp(ClientsSection)
    at('[name=channels]').click()
    await nextTick()
    answer = () => ({ key: SECRET })
    await sends()
    await useKeeper().written()
    expect([at('[data-testid=secret]').textContent, asked[0]?.body]).toEqual([SECRET, { name: '110 接警台', channels: ['police_source'] }])
    const kept = [everyByte(device), ...useKeeper().offers.map((one) => JSON.stringify(one)), JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })]
    expect(kept.join('\n')).not.toContain(SECRET)
    await nothingStays()
  })

  it('of an API client says so when its key was told to nobody', async () => {
    await shows(ClientsSection)
    await taps('.tools button, button.primary')
    await writes('name', '110 接警台')
    at('[name=channels]').click()
    await nextTick()
    answer = () => ({ key: null })
    await sends()
    expect([page.querySelector('[data-testid=secret]'), at('[data-testid=untold]').textContent]).toEqual([null, '接口客户端已建立，但密钥没有收到，也不再显示：请停用它，再新建一个。'])
  })

  it.each([
    ['amber_share', '修改 黄灯', '90', 90],
    ['public_url', '修改 公开网址', 'https://zz.example.gov.cn', 'https://zz.example.gov.cn'],
  ])('of the setting %s, named by it, beside what holds now', async (name, title, typed, value) => {
    await shows(SettingsSection)
    await taps(`[data-testid=setting-${name}] .acts button`)
    await writes('value', typed)
    expect(await leaves()).toEqual([title])
    await takesUp(SettingsSection)
    expect([at('[name=value]').value, page.querySelector('dialog')?.textContent?.includes('现值')]).toEqual([typed, true])
    await sends()
    expect(asked).toMatchObject([{ path: `/settings/${name}`, body: { value } }])
    await nothingStays()
  })

  it('of a post, also of somebody whom the first page of the list does not show', async () => {
    await shows(PeopleSection)
    await writes('q', 'wang.wu')
    await vi.waitFor(() => {
      expect(page.querySelector('[data-testid="person-wang.wu"]')).not.toBeNull()
    })
    await taps('[data-testid="person-wang.wu"] [data-testid=give-post]')
    await writes('role', 'grid_member', 'change')
    expect(await leaves()).toEqual(['任命岗位'])
    await takesUp(PeopleSection)
    expect([at('[name=role]').value, page.querySelector('dialog')?.getAttribute('aria-label')]).toEqual(['grid_member', '任命岗位 · 王五'])
  })

  it('of the order in which people are called', async () => {
    await shows(ContactsDialog, { unit: UNIT })
    await writes('contact', 'p2', 'change')
    expect(await leaves()).toEqual(['供电 · 联系人顺序'])
    await takesUp(UnitsSection)
    expect(page.querySelector('ol')?.textContent).toContain('王五')
    await sends()
    expect(asked).toMatchObject([{ path: '/units/u1/contacts', body: { contacts: [{ post: 'p2', rank: 'liaison' }] } }])
    await nothingStays()
  })

  it('of a deputy, whose namesake is told apart', async () => {
    await shows(DelegationsSection)
    await taps('button.primary')
    expect([...page.querySelectorAll('[name=post] option')].map((one) => one.textContent)).toEqual(['林晓舟（duty1）', '林晓舟（duty2）'])
    await writes('post', 'o2', 'change')
    await writes('until', '2026-12-01T08:00')
    expect(await leaves()).toEqual(['委托代理审批'])
    await takesUp(DelegationsSection)
    await sends()
    expect(asked).toMatchObject([{ path: '/delegations', body: { post: 'o2', until: '2026-12-01T08:00:00+08:00' } }])
    await nothingStays()
  })

  it('whose row is no more says so', () => {
    lost.value = null
    const opened = vi.fn()
    reopen({ title: '改名 供电', where: { section: 'gone', id: 'x' } } as never)
    const scope = effectScope()
    scope.run(() => {
      useReopened('gone', ref([{ id: 'y' }]), ref('ready'), { '': opened })
    })
    scope.stop()
    expect([lost.value, opened.mock.calls.length]).toEqual(['改名 供电', 0])
  })

  it('whose first password was told to nobody says how to come to one', async () => {
    await shows(PeopleSection)
    await taps('[data-testid=add-person]')
    await writes('name', '赵六')
    await writes('username', 'zhao.liu')
    answer = () => ({ id: 'n', first_password: null })
    await sends()
    await vi.waitFor(() => {
      expect(page.querySelector('[data-testid=untold]')?.textContent).toContain('重置密码')
    })
  })
})

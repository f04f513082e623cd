/** What a resident's device keeps until it is dismissed, and what the page says. */

import { createApp, nextTick } from 'vue'
import type { Component } from 'vue'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Refusal } from '@/api/client'
import type { Problem } from '@/api/client'
import Lookup from '@/resident/Lookup.vue'
import MatterView from '@/resident/MatterView.vue'
import { api } from '@/resident/calls'
import type { Matter } from '@/resident/calls'
import Poster from '@/resident/Poster.vue'
import ReportForm from '@/resident/ReportForm.vue'
import { dismiss, keepSent, openSlip, sentHere } from '@/resident/kept'
import { linkOf } from '@/resident/place'

const filed = (code: string) => ({ number: '000123', query_code: code, emergency: [] })

beforeEach(() => {
  vi.spyOn(api, 'pageKey').mockResolvedValue({ key: btoa('k'.repeat(32)) })
  localStorage.clear()
  sessionStorage.clear()
})

describe('a report that was sent', () => {
  it('stays with its number and code, its slip open, until it is dismissed', () => {
    expect(keepSent(filed('AAAABBBBCCCC'), 1)).toBe(true)
    expect(keepSent(filed('DDDDEEEEFFFF'), 2)).toBe(true)
    expect(sentHere().map((one) => [one.query_code, one.open])).toEqual([['DDDDEEEEFFFF', true], ['AAAABBBBCCCC', false]])
    openSlip('AAAABBBBCCCC')
    expect(sentHere().find((one) => one.open)?.query_code).toBe('AAAABBBBCCCC')
    openSlip(null)
    expect(sentHere().some((one) => one.open)).toBe(false)
    dismiss('AAAABBBBCCCC')
    expect(sentHere().map((one) => one.query_code)).toEqual(['DDDDEEEEFFFF'])
  })

  it('is told not to stay where the browser keeps nothing', () => {
    const setItem = (): never => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    vi.stubGlobal('localStorage', { getItem: () => null, setItem })
    expect(keepSent(filed('AAAABBBBCCCC'), 1)).toBe(false)
    vi.unstubAllGlobals()
  })

  it.each(['', 'nonsense', '{}', '[1,null,{"number":1}]'])('is not made of what lies there by chance: %s', (value) => {
    localStorage.setItem('relay60.resident.sent', value)
    expect(sentHere()).toEqual([])
  })
})

const GRID = { code: '330199001001001', grid: '第一网格', place: '', centre: '河湾区综治中心', phone: '', public_url: '', items: [] }

async function shown(part: Component, props: Record<string, unknown>): Promise<HTMLElement> {
  const page = document.createElement('div')
  createApp(part, props).mount(page)
  await nextTick()
  return page
}

describe('the page', () => {
  it('stands without a store of sessions, which it has none of, and has no field that only a program fills', async () => {
    const page = await shown(ReportForm, { grid: GRID })
    expect([...page.querySelectorAll<HTMLInputElement>('input[name]')].map((one) => one.name)).toEqual(['name', 'phone'])
    expect((await shown(Lookup, { given: '' })).querySelector('input')).not.toBeNull()
  })
})

describe('what is refused', () => {
  it('is marked at its field, and nothing written goes', async () => {
    const problem: Problem = { type: 'urn:relay60:person.phone_invalid', title: '请求有误', status: 422, code: 'person.phone_invalid', detail: '「不详」里没有号码。', field: 'phone' }
    const report = vi.spyOn(api, 'report').mockRejectedValue(new Refusal(problem))
    const page = await shown(ReportForm, { grid: GRID })
    const fill = (name: string, words: string): void => {
      const field = page.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name=${name}]`)
      if (!field) throw new Error(`no field ${name}`)
      field.value = words
      field.dispatchEvent(new Event('input'))
    }
    fill('text', '路灯不亮')
    fill('phone', '不详')
    page.querySelector('form')?.dispatchEvent(new Event('submit'))
    await vi.waitFor(() => {
      expect(page.querySelector('[name=phone]')?.getAttribute('aria-invalid')).toBe('true')
    })
    expect(page.querySelector('[name=name]')?.getAttribute('aria-invalid')).toBe('false')
    expect(page.textContent).toContain('里没有号码')
    expect(page.querySelector<HTMLTextAreaElement>('[name=text]')?.value).toBe('路灯不亮')
    report.mockRestore()
  })
})

describe('a grid’s sign', () => {
  const sign = (publicUrl: string): Promise<HTMLElement> => shown(Poster, { grid: { ...GRID, public_url: publicUrl } })

  it('has no code, says why, and is not printed while nobody has said where it leads to', async () => {
    const page = await sign('')
    expect(page.querySelector('.qr')).toBeNull()
    expect(page.querySelector('button')).toBeNull()
    expect(page.querySelector('[data-testid=no-address]')?.textContent).toContain('公开网址')
    expect(page.innerHTML).not.toContain(location.host)
  })

  it('leads to the public address, in words too, wherever it was opened', async () => {
    const page = await sign('https://zz.example.gov.cn')
    expect(page.querySelector('.qr')?.getAttribute('data-text')).toBe('https://zz.example.gov.cn/r/330199001001001')
    expect(page.querySelector('[data-testid=address]')?.textContent).toContain('https://zz.example.gov.cn/r/330199001001001')
  })

  it('puts a query code into the fragment, which no server is told', () => {
    expect(linkOf('https://zz.example.gov.cn', null, 'aaaa-bbbb-cccc')).toBe('https://zz.example.gov.cn/r/#AAAABBBBCCCC')
  })
})

describe('what is said later', () => {
  const matter: Matter = {
    number: '000123', item: '1901', item_zh: '路灯不亮', state: 'reported', state_zh: '待受理', reported_at: '2026-11-22T13:05:00Z',
    withdrawn: false, rating: null, replies: [], additions: [], may: ['add'], emergency: [],
  }

  it('is answered with whom to call, where it sounds like danger', async () => {
    const add = vi.spyOn(api, 'add').mockResolvedValue({ ...matter, emergency: [{ number: '110', name_zh: '公安报警' }] })
    const page = await shown(MatterView, { code: 'AAAABBBBCCCC', matter, at: 0 })
    page.querySelector<HTMLButtonElement>('[data-may=add]')?.click()
    await nextTick()
    const field = page.querySelector<HTMLTextAreaElement>('textarea[name=words]')
    if (!field) throw new Error('no field')
    field.value = '孩子不见了'
    field.dispatchEvent(new Event('input'))
    page.querySelector('form')?.dispatchEvent(new Event('submit'))
    await vi.waitFor(() => {
      expect(page.querySelector('[data-testid=call-now] a')?.getAttribute('href')).toBe('tel:110')
    })
    expect(page.querySelector('[data-testid=call-now]')?.textContent).toContain('公安报警')
    page.querySelector<HTMLButtonElement>('[data-may=add]')?.click()
    await nextTick()
    expect(page.querySelector('[data-testid=call-now]')).toBeNull()
    add.mockRestore()
  })
})

/** The calls of a resident: no account, nothing but the grid's code or the query code. */

import { request } from '@/api/client'
import { formOf } from '@/shared/photo'

export interface Call {
  number: string
  name_zh: string
}

export interface PublicGrid {
  code: string
  grid: string
  place: string
  centre: string
  phone: string
  /** Where residents reach the centre; empty: not set, no sign can be printed. */
  public_url: string
  items: { code: string; category_zh: string; item_zh: string; urgent: boolean }[]
}

export interface Said {
  at: string
  text: string | null
}

export type May = 'add' | 'withdraw' | 'rate' | 'reconsider'

export interface Matter {
  number: string
  item: string
  item_zh: string
  state: string
  state_zh: string
  reported_at: string
  withdrawn: boolean
  rating: number | null
  replies: (Said & { channel: string })[]
  additions: (Said & { kind: string })[]
  may: May[]
  /** Whom to call at once, when what was just said sounds like it. */
  emergency: Call[]
}

export interface ReportForm {
  grid: string
  text: string
  item?: string
  position?: { lon: number; lat: number; accuracy_m: number; system: 'WGS84' }
  name?: string
  phone?: string
  photos?: string[]
}

export interface Filed {
  number: string
  query_code: string
  /** Whom to call at once, when the words sound like it. */
  emergency: Call[]
}

const send = async <T>(path: string, body: unknown, key?: string): Promise<T> =>
  (await request<T>('POST', `/public${path}`, { body, key })).data

export const api = {
  pageKey: async () => (await request<{ key: string }>('GET', '/public/draft-key')).data,
  grid: async (code: string) => (await request<PublicGrid>('GET', `/public/grids/${encodeURIComponent(code)}`)).data,
  photo: async (blob: Blob, key: string) =>
    (await request<{ id: string }>('POST', '/public/photos', { form: formOf(blob), key })).data.id,
  report: (form: ReportForm, key: string) => send<Filed>('/reports', form, key),
  lookup: (code: string) => send<Matter>('/lookup', { query_code: code }),
  add: (code: string, text: string, photos: string[], key: string) =>
    send<Matter>('/add', { query_code: code, text, ...(photos.length ? { photos } : {}) }, key),
  withdraw: (code: string, reason: string, key: string) => send<Matter>('/withdraw', { query_code: code, reason }, key),
  rate: (code: string, score: number, text: string, key: string) =>
    send<Matter>('/rate', { query_code: code, score, ...(text ? { text } : {}) }, key),
  reconsider: (code: string, reason: string, key: string) => send<Matter>('/reconsider', { query_code: code, reason }, key),
}

/** Each call of the API that the screens make, by name. Shapes are those of the server's OpenAPI document. */

import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson'
import type { CellRef, IssueCard, OrderCard, Snapshot, Versioned } from '@/shared/protocol'
import type { Ticket } from '@/shared/socket'
import { Refusal, request } from './client'
import type { Answered } from './client'

export interface UnitRef {
  id: string
  name: string
}
export interface Session {
  person: UnitRef
  centre: { id: string; name: string; path: string }
  posts: { id: string; role: string; unit: UnitRef }[]
  rights: string[]
}
export interface CatalogueItem {
  code: string
  category_zh: string
  item_zh: string
  lead_department: string
  level: 'general' | 'major' | 'special_risk'
  urgent: boolean
  sensitive: boolean
  keywords: string[]
}
export interface Unit {
  id: string
  code: string
  name: string
  short: string
  kind: string
  has_liaison: boolean
}
export interface Channel {
  code: string
  name_zh: string
  kind?: string
}
export interface Reference {
  catalogue: CatalogueItem[]
  units: Unit[]
  channels: Channel[]
  decline_grounds?: Named[]
  outcomes?: Named[]
}
export interface Named {
  code: string
  name_zh: string
}

/** The answer to every command. */
export interface Answer {
  seq: number
  object: { id: string; kind: string }
  version: number
  card: Record<string, unknown>
}

export interface Reporter {
  name?: string | null
  phone?: string | null
}
export interface ReportDetail {
  id: string
  channel: string
  received_at: string
  text?: string | null
  address?: string | null
  reporter?: Reporter | null
  position?: [number, number] | null
  accuracy_m?: number | null
  placing?: string
  cell?: CellRef | null
}
export interface ReceiptDetail {
  addressee: string
  delivered_at?: string | null
  displayed_at?: string | null
}
export interface OrderDetail {
  id: string
  version: number
  card: OrderCard
  result?: string | null
  feedback?: string | null
  fed_back_at?: string | null
  receipt?: ReceiptDetail | null
}
export interface TimelineEntry {
  seq: number
  at: string
  name: string
  by?: { name?: string | null; unit?: string | null } | null
  body: Record<string, unknown>
}
export interface IssueDetail {
  id: string
  version: number
  card: IssueCard
  reports: ReportDetail[]
  orders: OrderDetail[]
  receipts: (ReceiptDetail & { order: string })[]
  timeline: TimelineEntry[]
  open_verbs: string[]
}

export interface ReportBody {
  channel: string
  item: string
  level?: string
  text: string
  position?: { lon: number; lat: number; system: 'CGCS2000' | 'WGS84' | 'GCJ02' | 'BD09'; accuracy_m?: number }
  address?: string
  reporter?: { name?: string; phone?: string }
}

export interface Device {
  id: string
  name: string
  approved: boolean
  [more: string]: unknown
}
export interface NewDevice {
  id: string
  secret: string
  code: string
}
export type Cells = FeatureCollection<
  Polygon | MultiPolygon,
  { id: string; code: string; name: string; path: string; tier: string; parent: string | null }
>

const data = async <T>(answered: Promise<Answered<T>>): Promise<T> => (await answered).data

export const api = {
  /** The session, or null when nobody is signed in. */
  async session(): Promise<Session | null> {
    try {
      return await data(request<Session>('GET', '/session'))
    } catch (error) {
      if (error instanceof Refusal && error.problem.status === 401) return null
      throw error
    }
  },
  signIn: (username: string, password: string) =>
    data(request<Session>('POST', '/session', { body: { username, password } })),
  signOut: () => request<undefined>('DELETE', '/session'),
  ticket: (deviceId: string) => data(request<Ticket>('POST', '/ticket', { body: { device: deviceId } })),
  snapshot: () => data(request<Snapshot>('GET', '/snapshot')),
  async object(kind: string, id: string): Promise<Versioned | null> {
    try {
      return await data(request<Versioned>('GET', `/objects/${kind}/${id}`))
    } catch (error) {
      if (error instanceof Refusal && error.problem.status === 404) return null
      throw error
    }
  },
  reference: () => data(request<Reference>('GET', '/reference')),
  cells: (tier: string) => data(request<Cells>('GET', `/cells?tier=${tier}`)),
  issue: (id: string) => data(request<IssueDetail>('GET', `/issues/${id}`)),
  report: (body: ReportBody, key: string) => request<Answer>('POST', '/reports', { body, key }),
  issueVerb: (id: string, verb: string, body: unknown, key: string, version?: number) =>
    data(request<Answer>('POST', `/issues/${id}/${verb}`, { body, key, version })),
  orderVerb: (id: string, verb: string, body: unknown, key: string, version?: number) =>
    data(request<Answer>('POST', `/orders/${id}/${verb}`, { body, key, version })),
  makeDevice: () => data(request<NewDevice>('POST', '/devices', { body: {} })),
  thisDevice: () => data(request<Device>('GET', '/devices/me')),
  devices: () => data(request<Device[]>('GET', '/devices')),
  approveDevice: (code: string, name: string) => data(request<Device>('POST', '/devices/approve', { body: { code, name } })),
  removeDevice: (id: string) => request<undefined>('DELETE', `/devices/${id}`),
}

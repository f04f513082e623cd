/** Each call of the API that the screens make, by name. Shapes come from the server's OpenAPI document (schema.d.ts). */

import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson'
import type { CellRef, IssueCard, OrderCard, Snapshot, Versioned } from '@/shared/protocol'
import type { Ticket } from '@/shared/socket'
import { Refusal, request } from './client'
import type { Answered } from './client'
import type { components } from './schema'

type Schemas = components['schemas']

export type Session = Schemas['SessionOut']
export type Reference = Schemas['ReferenceOut']
export type CatalogueItem = Schemas['ItemOut']
export type Unit = Schemas['UnitOut']
export type Named = Schemas['NamedOut']
export type ReportBody = Schemas['ReportIn']
export type CloseBody = Schemas['CloseIn']
export type ReceiptDetail = Schemas['ReceiptOut']
export type TimelineEntry = Schemas['EntryOut']
export type Device = Schemas['DeviceOut']
export type Pairing = Schemas['PairingOut']
export type NewDevice = Schemas['OfferedDeviceOut']

/** The same with the cards' own types: the document says only "an object" of them. */
export type ReportDetail = Omit<Schemas['ReportOut'], 'cell'> & { cell: CellRef | null }
export type OrderDetail = Omit<Schemas['OrderOut'], 'card'> & { card: OrderCard }
export type IssueDetail = Omit<Schemas['IssueDetailOut'], 'card' | 'reports' | 'orders'> & {
  card: IssueCard
  reports: ReportDetail[]
  orders: OrderDetail[]
}
export interface IssuePage {
  issues: { id: string; version: number; card: IssueCard }[]
  cursor: string | null
}
/** The answer to every command. */
export type Answer = Omit<Schemas['AnswerOut'], 'card'> & { card: Record<string, unknown> }

export type Cells = FeatureCollection<
  Polygon | MultiPolygon,
  { id: string; code: string; name: string; path: string; tier: string; parent: string | null }
>

const data = async <T>(answered: Promise<Answered<T>>): Promise<T> => (await answered).data

/** The value, or null where the server answers `status`. */
async function unless<T>(status: number, answered: Promise<Answered<T>>): Promise<T | null> {
  try {
    return await data(answered)
  } catch (error) {
    if (error instanceof Refusal && error.problem.status === status) return null
    throw error
  }
}

export const api = {
  /** The session, or null when nobody is signed in. */
  session: () => unless(401, request<Session>('GET', '/session')),
  signIn: (username: string, password: string) =>
    data(request<Session>('POST', '/session', { body: { username, password } })),
  signOut: () => request<undefined>('DELETE', '/session'),
  ticket: (deviceId: string) => data(request<Ticket>('POST', '/ticket', { body: { device: deviceId } })),
  snapshot: () => data(request<Snapshot>('GET', '/snapshot')),
  object: (kind: string, id: string) => unless(404, request<Versioned>('GET', `/objects/${kind}/${id}`)),
  reference: () => data(request<Reference>('GET', '/reference')),
  cells: (tier: string) => data(request<Cells>('GET', `/cells?tier=${tier}`)),
  issue: (id: string) => data(request<IssueDetail>('GET', `/issues/${id}`)),
  /** Issues by number, item or place, the closed ones too; the newest first. */
  find: (words: string) => data(request<IssuePage>('GET', `/issues?limit=20&q=${encodeURIComponent(words)}`)),
  report: (body: ReportBody, key: string) => request<Answer>('POST', '/reports', { body, key }),
  issueVerb: (id: string, verb: string, body: unknown, key: string, version?: number) =>
    data(request<Answer>('POST', `/issues/${id}/${verb}`, { body, key, version })),
  /** Reads the personal data in clear; leaves a fact with who and why. */
  reveal: (id: string, reason: string, key: string, version?: number) =>
    data(request<{ id: string; reports: ReportDetail[] }>('POST', `/issues/${id}/reveal`, { body: { reason }, key, version })),
  orderVerb: (id: string, verb: string, body: unknown, key: string, version?: number) =>
    data(request<Answer>('POST', `/orders/${id}/${verb}`, { body, key, version })),
  makeDevice: () => data(request<NewDevice>('POST', '/devices', { body: {} })),
  thisDevice: () => data(request<Pairing>('GET', '/devices/me')),
  devices: () => data(request<Device[]>('GET', '/devices')),
  approveDevice: (code: string, name: string, key: string) =>
    data(request<Device>('POST', '/devices/approve', { body: { code, name }, key })),
  removeDevice: (id: string, key: string) => request<undefined>('DELETE', `/devices/${id}`, { key }),
}

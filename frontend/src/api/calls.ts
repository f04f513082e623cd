/** Each call of the API that the screens make, by name. Shapes come from the server's OpenAPI document (schema.d.ts). */

import type { FeatureCollection, Geometry, MultiPolygon, Polygon } from 'geojson'
import type { Middles } from '@/shared/map/ground'
import type { Snapshot, Versioned } from '@/shared/protocol'
import type { Ticket } from '@/shared/socket'
import { formOf } from '@/shared/photo'
import { Refusal, request } from './client'
import type { Answered } from './client'
import type { Kind } from './cards'
import type { Told } from './facts'
import type { components } from './schema'
import type { StrikeGround } from './words'

type Schemas = components['schemas']

export type Session = Schemas['SessionOut']
export type Reference = Schemas['ReferenceOut']
export type CatalogueItem = Schemas['ItemOut']
export type Disk = Schemas['DiskOut']
export type Unit = Schemas['UnitOut']
export type ReportBody = Schemas['ReportIn']
export type BackfillBody = Schemas['BackfillIn']
export type ReceiptDetail = Schemas['ReceiptOut']
export type TimelineEntry = Omit<Schemas['EntryOut'], 'name' | 'body' | 'object_kind'> & { object_kind: Kind } & Told
export type Device = Schemas['DeviceOut']
export type Pairing = Schemas['PairingOut']
export type NewDevice = Schemas['OfferedDeviceOut']

export type ReportDetail = Schemas['ReportOut']
export type OrderDetail = Schemas['OrderOut']
export type Hop = Schemas['HopOut']
/** A step that happened on paper and was entered later. */
export type Backfill = Schemas['BackfillOut']
export type Escalation = Schemas['EscalationOut']
export type ReturnRequest = Schemas['RequestOut']
/** A call with all that was tried. */
export type MessageDetail = Schemas['MessageOut']
export type MessageThread = Schemas['ThreadOut']
export type CallDetail = Schemas['CallOut']
export type FailingWay = Schemas['FailingWayOut']
export type UnitGaps = Schemas['UnitGapsOut']
export type NotBegun = Schemas['MissingOut']
export type ShiftPage = Schemas['ShiftPageOut']
export type UnitShift = Schemas['UnitShiftOut']
export type UnitsOnDuty = Schemas['UnitsOnDutyOut']
export type Standing = Schemas['StandingOut']
export type Handover = Schemas['HandoverOut']
export type WholeHandover = Schemas['WholeHandoverOut']
export type HandoverSheet = Schemas['SheetOut']
export type SheetSection = Schemas['SheetSectionOut']
export type ShiftLog = Schemas['ShiftLogOut']
export type UnitOnDuty = Schemas['UnitOnDutyOut']
/** Who of a unit can be named to receive an order. */
export type Receiver = Schemas['ReceiverOut']
/** A line of the telephone list. */
export type ListedCall = Schemas['ListedOut']
/** Who else looks at an issue. */
export type Presence = Schemas['PresenceOut']
/** How many residents were refused lately for coming too often. */
export type TurnedAway = Schemas['TurnedAwayOut']
export type MergedIssue = Schemas['MergedOut']
export type IssueDetail = Omit<Schemas['IssueDetailOut'], 'timeline'> & { timeline: TimelineEntry[] }
export type Candidate = Schemas['DuplicateOut']
export type Suggestion = Schemas['SuggestOut']
export type Unanswered = Schemas['UnansweredOut']
/** A fact that marks an issue as changed. */
export type UnseenChange = Schemas['UnseenChangeOut']
export type MarkedIssue = Schemas['MarkedOut']
export type Unseen = Schemas['UnseenOut']
export type UnansweredPage = Schemas['UnansweredPageOut']
export type Receipt = Schemas['SlipOut']
export type OwnReport = Schemas['MineOut']
/** Filters of the search; empty ones are left out. */
export type Search = Partial<
  Record<'q' | 'cell' | 'item' | 'category' | 'unit' | 'state' | 'from' | 'to' | 'channel' | 'family' | 'cursor', string>
>
export type IssuePage = Schemas['PageOut']
/** The answer to every command. */
export type Answer = Omit<Schemas['AnswerOut'], 'card'> & { card: Record<string, unknown> }

export type Cells = FeatureCollection<
  Polygon | MultiPolygon,
  { id: string; code: string; name: string; path: string; tier: string; parent: string | null }
>

export type Attachment = Schemas['AttachmentOut']
export const fileUrl = (id: string): string => `/api/v1/files/${id}`
export const photoUrl = (id: string, size: 'thumb' | 'full'): string => `/api/v1/photos/${id}?size=${size}`
export type Basemap = FeatureCollection<Geometry, { kind: string; name: string }>
export type Flow = Schemas['FlowOut']

export type Situation = Schemas['SituationOut']
export type FigureRows = Schemas['FigureRowsOut']
/** 态势报告 */
export type SituationReport = Schemas['SituationReportOut']
export const situationFileUrl = (id: string, kind: 'html' | 'pdf'): string => `/api/v1/situation-reports/${id}/file.${kind}`

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

/** The page behind a row. */
const after = (at: string, id: string): string => `?before=${encodeURIComponent(`${at}~${id}`)}`

export const api = {
  /** The session, or null when nobody is signed in. */
  session: () => unless(401, request<Session>('GET', '/session')),
  signIn: (username: string, password: string) =>
    data(request<Session>('POST', '/session', { body: { username, password } })),
  changePassword: (old: string, fresh: string, key: string) =>
    request<undefined>('POST', '/session/password', { body: { old, new: fresh }, key }),
  /** Somebody is at this screen: the session goes on. */
  useSession: () => data(request<Schemas['UsedOut']>('POST', '/session/use')),
  /** What opens this person's half-written work. It stays in this page's memory. */
  draftKey: () => data(request<Schemas['DraftKeyOut']>('GET', '/session/draft-key')),
  signOut: () => request<undefined>('DELETE', '/session'),
  ticket: (deviceId: string) => data(request<Ticket>('POST', '/ticket', { body: { device: deviceId } })),
  snapshot: () => data(request<Snapshot>('GET', '/snapshot')),
  object: (kind: string, id: string) => unless(404, request<Versioned>('GET', `/objects/${kind}/${id}`)),
  reference: () => data(request<Reference>('GET', '/reference')),
  /** A point in each cell down to the grids: what a map needs beside tiles. */
  middles: () => data(request<Middles>('GET', '/cells/middles')),
  basemap: () => data(request<Basemap>('GET', '/basemap')),
  /** How full the server's disks are. */
  room: async () => (await data(request<Schemas['RoomOut']>('GET', '/room'))).disks,
  /** The latest steps of issues since midnight. */
  flow: () => data(request<Flow>('GET', '/flow/today')),
  cells: (tier: string) => data(request<Cells>('GET', `/cells?tier=${tier}`)),
  /** Today's figures and counts of sensitive issues, from the feed's facts; a paired wall may ask. */
  situation: () => data(request<Situation>('GET', '/situation')),
  /** What a figure of today counts, one by one. */
  figureRows: (figure: string) => data(request<FigureRows>('GET', `/situation/${figure}/rows`)),
  situationReports: async (before?: SituationReport) =>
    (await data(request<{ reports: SituationReport[] }>('GET', `/situation-reports${before ? after(before.card.asked_at, before.id) : ''}`))).reports,
  askSituationReport: (body: { period: { from: string; to?: string }; place?: string }, key: string) =>
    data(request<Answer>('POST', '/situation-reports', { body, key })),
  issue: (id: string) => data(request<IssueDetail>('GET', `/issues/${id}`)),
  /** Issues by number, the sender's too, item or place, the closed ones too; the newest first. */
  find: (words: string, cursor: string | null = null) =>
    data(request<IssuePage>('GET', `/issues?limit=20&q=${encodeURIComponent(words)}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)),
  search: (wanted: Search, limit = 50) => {
    const query = new URLSearchParams({ limit: String(limit) })
    for (const [name, value] of Object.entries(wanted)) if (value) query.set(name, value)
    return data(request<IssuePage>('GET', `/issues?${query.toString()}`))
  },
  /** Says that the issue is open here, for the next seconds; answers where else it is. */
  turnedAway: () => data(request<TurnedAway>('GET', '/public-doors')),
  lookAt: (id: string) => data(request<Presence>('PUT', `/issues/${id}/presence`)),
  /** What others have changed since this person looked. */
  unseen: () => data(request<Unseen>('GET', '/issues/unseen')),
  /** Says that the issue was drawn as it was at `seq`. No command: nothing comes of it but that its marks are gone. */
  look: (id: string, seq: number) => request<undefined>('PUT', `/issues/${id}/look`, { body: { seq } }),
  /** Whose reporter waits for an answer, who began to wait last first. */
  unanswered: (cursor: string | null = null) =>
    data(request<UnansweredPage>('GET', `/issues/unanswered${cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`}`)),
  /** The newest first; `before`: those behind this one, however old. */
  ownReports: (before?: Pick<OwnReport, 'received_at' | 'id'>) => data(request<OwnReport[]>('GET', `/reports/mine${before ? after(before.received_at, before.id) : ''}`)),
  duplicates: (id: string) => data(request<Candidate[]>('GET', `/issues/${id}/duplicates`)),
  suggest: (text: string) => data(request<Suggestion>('POST', '/suggest', { body: { text } })),
  receipt: (reportId: string) => data(request<Receipt>('GET', `/reports/${reportId}/receipt`)),
  reply: (reportId: string, body: { channel: string; text: string }, key: string) =>
    data(request<Answer>('POST', `/reports/${reportId}/replies`, { body, key })),
  sendPhoto: async (blob: Blob, key: string, person?: string) =>
    (await data(request<{ id: string }>('POST', '/photos', { form: formOf(blob), key, person }))).id,
  sendFile: async (blob: Blob, key: string, person?: string) =>
    (await data(request<{ id: string }>('POST', '/files', { form: formOf(blob), key, person }))).id,
  returnVerb: (id: string, verb: string, body: unknown, key: string, version?: number) =>
    data(request<Answer>('POST', `/returns/${id}/${verb}`, { body, key, version })),
  report: (body: ReportBody, key: string, person?: string) => request<Answer>('POST', '/reports', { body, key, person }),
  issueVerb: (id: string, verb: string, body: unknown, key: string, version?: number, person?: string) =>
    data(request<Answer>('POST', `/issues/${id}/${verb}`, { body, key, version, person })),
  /** Reads the personal data in clear; leaves a fact with who and why. */
  reveal: (id: string, reason: string, key: string, version?: number) =>
    data(request<{ id: string; reports: ReportDetail[] }>('POST', `/issues/${id}/reveal`, { body: { reason }, key, version })),
  push: () => data(request<Schemas['PushOut']>('GET', '/session/push')),
  takePush: (body: Schemas['PushIn']) => request<undefined>('PUT', '/session/push', { body }),
  /** Which messages of an issue lie before this person's eyes: the units of the others see that theirs has read them. */
  readMessages: (issue: string, messages: readonly string[], key: string) => data(request<Answer | undefined>('POST', `/issues/${issue}/messages/read`, { body: { messages }, key })),
  strikeMessage: (id: string, ground: StrikeGround, key: string) => data(request<Answer>('POST', `/messages/${id}/strike`, { body: { ground }, key })),
  answerCall: (id: string, key: string) => data(request<Answer>('POST', `/calls/${id}/answer`, { key })),
  callsOf: (id: string) => data(request<CallDetail[]>('GET', `/issues/${id}/calls`)),
  telephoneList: () => data(request<ListedCall[]>('GET', '/calls/telephone-list')),
  /** What came of ringing one of those called. */
  telephoned: (id: string, body: Schemas['TelephoneIn'], key: string) => data(request<Answer>('POST', `/calls/${id}/telephone`, { body, key })),
  /** Units with a gap within a day, or a shift that nobody covers within a week. */
  dutyGaps: () => data(request<UnitGaps[]>('GET', '/duty/gaps')),
  /** Whether one's own shift at the desk has begun, and since when. */
  ownShift: () => data(request<Schemas['OwnShiftOut']>('GET', '/duty/own')),
  beginShift: (key: string) => data(request<Answer>('POST', '/duty/begin', { body: { heard: true }, key })),
  endShift: (key: string) => data(request<Answer>('POST', '/duty/end', { body: {}, key })),
  /** Who is on the desk's roster now and has not begun the shift. */
  notBegun: () => data(request<NotBegun[]>('GET', '/duty/not-begun')),
  receivers: (unit: string) => data(request<Receiver[]>('GET', `/units/${unit}/receivers`)),
  /** Who is on duty now at the desk and at each unit, and what comes. */
  shiftPage: () => data(request<ShiftPage>('GET', '/duty/shift')),
  /** Units only: what a room may read. */
  unitsOnDuty: () => data(request<UnitsOnDuty>('GET', '/duty/units')),
  /** What a handover of the desk would say now, and what waits. */
  standing: () => data(request<Standing>('GET', '/duty/standing')),
  handovers: (before?: Handover) => data(request<Handover[]>('GET', `/duty/handovers${before ? after(before.at, before.id) : ''}`)),
  handover: (id: string) => data(request<WholeHandover>('GET', `/duty/handovers/${id}`)),
  giveHandover: (notes: string, key: string) => data(request<Answer>('POST', '/duty/handovers', { body: notes ? { notes } : {}, key })),
  takeOverAlone: (notes: string, key: string) => data(request<Answer>('POST', '/duty/handovers/alone', { body: notes ? { notes } : {}, key })),
  endHandover: (id: string, verb: 'take' | 'withdraw', key: string, version: number) =>
    data(request<Answer>('POST', `/duty/handovers/${id}/${verb}`, { body: {}, key, version })),
  /** Of the shift that a handover ended; without: of the one that runs. */
  shiftLog: (handover: string | null) => data(request<ShiftLog>('GET', handover === null ? '/duty/log' : `/duty/handovers/${handover}/log`)),
  onDuty: (unit: string) => data(request<UnitOnDuty>('GET', `/units/${unit}/on-duty`)),
  failingWays: () => data(request<FailingWay[]>('GET', '/calls/failing-ways')),
  /** How many calls nobody has answered. */
  unansweredCalls: async () => (await data(request<Schemas['UnansweredCallsOut']>('GET', '/calls/unanswered'))).calls,
  orderVerb: (id: string, verb: string, body: unknown, key: string, version?: number, person?: string) =>
    data(request<Answer>('POST', `/orders/${id}/${verb}`, { body, key, version, person })),
  makeDevice: (key: string) => data(request<NewDevice>('POST', '/devices', { body: {}, key })),
  thisDevice: () => data(request<Pairing>('GET', '/devices/me')),
  devices: () => data(request<Device[]>('GET', '/devices')),
  approveDevice: (code: string, name: string, key: string) =>
    data(request<Device>('POST', '/devices/approve', { body: { code, name }, key })),
  removeDevice: (id: string, key: string) => request<undefined>('DELETE', `/devices/${id}`, { key }),
}

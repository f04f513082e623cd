/**
 * Types of cards, as their makers declare them, and the card of each kind of object. Written by `./relay generate`
 * (server/cards.py).
 */

import type { components } from './schema'

type Schemas = components['schemas']

/** The post that answered: its unit and role, never who holds it. */
export type AnsweredByCard = Schemas['AnsweredByCard']
/** Another system that has a key, or had one. Never open. */
export type ApiClientCard = Schemas['ApiClientCard']
/** That a post was called by a channel. An event, never open. */
export type AttemptCard = Schemas['AttemptCard']
/** Whether the holder of a post of the desk has begun a shift. Never open. */
export type AttendanceCard = Schemas['AttendanceCard']
/** A call (叫应): who is called for what since when, and which post answered. Open until somebody has. */
export type CallCard = Schemas['CallCard']
/** An item of the catalogue. Never open. */
export type CatalogueItemCard = Schemas['CatalogueItemCard']
/** A cell as cards name it. */
export type CellCard = Schemas['CellCard']
/** A channel. Never open. */
export type ChannelCard = Schemas['ChannelCard']
/** One clock. Its light is a comparison with its instants. */
export type ClockCard = Schemas['ClockCard']
/** Up to where in the feed it was counted. */
export type CountedCard = Schemas['CountedCard']
/** A step of the ladder: who was told how far which clock had run. */
export type EscalationCard = Schemas['EscalationCard']
/** An event: nothing to draw, never open. */
export type EventCard = Schemas['EventCard']
/** Nothing that a screen would draw: readers are reset by the epoch in every frame. Never open. */
export type FeedCard = Schemas['FeedCard']
/** A file of it: its length in bytes and its hash, in hex. */
export type FileCard = Schemas['FileCard']
/** One hand-over of an order. */
export type ForwardCard = Schemas['ForwardCard']
/** A handover of the desk: between which posts, since when its shift ran. Never open. */
export type HandoverCard = Schemas['HandoverCard']
/** Which unit holds an issue, since when. */
export type HolderCard = Schemas['HolderCard']
/** An issue: what a screen draws of it. No personal data, no text. */
export type IssueCard = Schemas['IssueCard']
/** The lead order of an issue. */
export type LeadCard = Schemas['LeadCard']
/** What is told once beside an issue, and never again: a reveal, an amendment, a viewing. Never open. */
export type LogCard = Schemas['LogCard']
/** A message (留言) within a matter. An event, never open. */
export type MessageCard = Schemas['MessageCard']
/** An order: what its unit and the desk draw of it. */
export type OrderCard = Schemas['OrderCard']
/** An outside way. Neither address nor secret. Never open. */
export type OutsideWayCard = Schemas['OutsideWayCard']
/** A list of people that was taken in: how many. Never open. */
export type PeopleImportCard = Schemas['PeopleImportCard']
/** Of which place the report tells. */
export type PlaceCard = Schemas['PlaceCard']
/** A unit that has read it, and when first. */
export type ReadingCard = Schemas['ReadingCard']
/** What a screen draws beside an object: when it arrived, when it was seen. Never open. */
export type ReceiptCard = Schemas['ReceiptCard']
/** A reply: an event, never open. Nothing of what it says. */
export type ReplyCard = Schemas['ReplyCard']
/** A report: where it is, exactly, and its relay up. Open while its issue is. */
export type ReportCard = Schemas['ReportCard']
/** A return request (退单申请). Open while it waits for its ruling. */
export type ReturnRequestCard = Schemas['ReturnRequestCard']
/** The roster of a unit. Never open. */
export type RosterCard = Schemas['RosterCard']
/** A setting of the centre. Never open: settings are fetched, not kept on a screen. */
export type SettingCard = Schemas['SettingCard']
/** A situation report: what was asked, and what came of it. Open while it is being made. */
export type SituationReportCard = Schemas['SituationReportCard']
/** That it was struck out: by which unit, on what ground. */
export type StruckCard = Schemas['StruckCard']
/** Who was told. */
export type ToldCard = Schemas['ToldCard']
/** A unit. Never open. */
export type UnitCard = Schemas['UnitCard']

export interface CardOf {
  issue: IssueCard
  order: OrderCard
  report: ReportCard
  return_request: ReturnRequestCard
  escalation: EscalationCard
  call: CallCard
  attempt: AttemptCard
  message: MessageCard
  situation_report: SituationReportCard
  receipt: ReceiptCard
  reply: ReplyCard
  reveal: LogCard
  amendment: LogCard
  viewing: LogCard
  setting: SettingCard
  unit: UnitCard
  roster: RosterCard
  attendance: AttendanceCard
  handover: HandoverCard
  channel: ChannelCard
  outside_way: OutsideWayCard
  catalogue_item: CatalogueItemCard
  api_client: ApiClientCard
  people_import: PeopleImportCard
  access: EventCard
  session_end: EventCard
  feed: FeedCard
}

export type Kind = keyof CardOf

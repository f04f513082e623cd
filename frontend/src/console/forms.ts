/** What each verb of the desk asks for, as data: its fields, as they follow from what is entered, and the command's body. Pure. */

import type { BackfillBody, IssueDetail, MessageDetail, MessageThread, OrderDetail, ReturnRequest } from '@/api/calls'
import type { DeskVerb } from '@/shared/verbs'
import { words } from '@/shared/words/desk'
import type { EmergencyNumber } from '@/api/words'
import { EMERGENCY_NUMBERS, LEVELS, OUTAGES, REPLY_CHANNELS, RESULTS, RETURN_GROUNDS } from '@/shared/words/domain'

export interface Option {
  code: string
  name: string
}

interface Base {
  name: string
  label: string
  needed?: boolean
  /** Most characters, where it is not the usual number. */
  most?: number
}
export type Field =
  | (Base & { kind: 'text' | 'unit' | 'units' | 'item' | 'cell' | 'day' | 'moment' | 'check' })
  | (Base & { kind: 'photos' | 'files' })
  | (Base & { kind: 'choice'; options: readonly Option[] })
  | (Base & { kind: 'receivers'; units: readonly string[] })
  | (Base & { kind: 'orders'; orders: readonly OrderDetail[] })

export type Values = Record<string, unknown>

/** What a form is about, and the centre's lists. */
export interface Subject {
  detail: IssueDetail | null
  request?: ReturnRequest
  /** The message that is answered. */
  answering?: MessageDetail
  nameOf: (unit: string) => string
  /** Centres under the unit that has the order in hand. */
  takers: readonly Option[]
  /** The reports of the matter that nobody has withdrawn yet, the merged ones too. */
  reports: readonly Option[]
  units: readonly Option[]
  /** The unit that the catalogue names for the item. */
  suggested: string | null
  grounds: readonly Option[]
  outcomes: readonly Option[]
  /** Picked on the map for a correction. */
  point: { lon: number; lat: number } | null
  /** The local day, `2026-11-22`, and the minute, `2026-11-22T21:05`. */
  today: string
  minute: string
}

interface Form {
  initial?: (about: Subject) => Values
  fields: (values: Values, about: Subject) => Field[]
  body: (values: Values, about: Subject) => Record<string, unknown>
}

const label = words.label
const text = (values: Values, name: string): string => String(values[name] ?? '').trim()
/** Only what was entered. */
const given = (entries: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== '' && value !== null && value !== undefined))
const options = (table: Readonly<Record<string, string>>): Option[] => Object.entries(table).map(([code, name]) => ({ code, name }))
/** An instant of the centre's day and minute. */
const instant = (local: string): string => `${local.length === 10 ? `${local}T00:00` : local}:00+08:00`

const NUMBERS: readonly Option[] = Object.keys(EMERGENCY_NUMBERS).map((code) => ({ code, name: code }))
const BECAUSE: Form = {
  fields: () => [{ kind: 'text', name: 'reason', label: label.reason, needed: true }],
  body: (values) => ({ reason: text(values, 'reason') }),
}
const NOTHING: Form = { fields: () => [], body: () => ({}) }

const WHOLE = 'matter' // the matter's own thread, among those of its orders
const FILES: readonly Field[] = [
  { kind: 'photos', name: 'photos', label: label.photos },
  { kind: 'files', name: 'files', label: label.files },
]
const wordsField = (name: string, { detail }: Subject): Field => ({ kind: 'text', name: 'text', label: name, needed: true, most: detail?.message_chars })
const threadIn = (values: Values, { detail }: Subject): MessageThread | undefined =>
  detail?.threads.find((one) => (one.order ?? WHOLE) === values.thread) ?? detail?.threads[0]
/** The only unit that may be asked there. */
const only = (thread: MessageThread | undefined): string | undefined => (thread?.asks.length === 1 ? thread.asks[0] : undefined)
function threadName({ order }: MessageThread, { detail, nameOf }: Subject): string {
  const unit = detail?.orders.find((one) => one.id === order)?.card.unit
  return unit ? nameOf(unit) : words.message.everybody
}

/** The order whose thread a message is written in; null: the matter's own. */
export function threadOf(values: Values, about: Subject): string | null {
  return about.answering ? about.answering.order : (threadIn(values, about)?.order ?? null)
}

const lead = (detail: IssueDetail | null): string | undefined => detail?.card.lead?.order

/** Whom of the units to call first, where somebody was named. */
const receivers = (units: readonly string[]): Field => ({ kind: 'receivers', name: 'receivers', label: label.receivers, units })
const named = (values: Values, units: readonly string[]): string[] =>
  units.map((unit) => (values.receivers as Record<string, string> | undefined)?.[unit]).filter((post) => post !== undefined)
const addressed = (values: Values): string[] => [
  ...(values.unit ? [values.unit as string] : []),
  ...((values.assists as string[] | undefined) ?? []).filter((unit) => unit !== values.unit),
]

const DISPATCH: Form = {
  initial: ({ suggested }) => ({ unit: suggested, assists: [] }),
  fields: (values, { suggested }) => [
    { kind: 'unit', name: 'unit', label: label.unit, needed: true },
    { kind: 'units', name: 'assists', label: label.assists },
    receivers(addressed(values)),
    ...(values.unit && suggested && values.unit !== suggested
      ? [{ kind: 'text', name: 'reason', label: label.offCatalogue, needed: true } as const]
      : []),
  ],
  body: (values, { suggested }) =>
    given({
      unit: values.unit,
      assists: (values.assists as string[] | undefined)?.filter((unit) => unit !== values.unit) ?? [],
      receivers: named(values, addressed(values)),
      reason: values.unit === suggested ? '' : text(values, 'reason'),
    }),
}

/** 补录: when it happened on paper, and why it is entered only now. Asked for besides what the step itself asks for. */
export const BACKFILL = {
  fields: [
    { kind: 'moment', name: 'happenedAt', label: words.backfill.happenedAt, needed: true },
    { kind: 'choice', name: 'outage', label: words.backfill.ground, options: options(OUTAGES), needed: true },
  ] as readonly Field[],
  body: (values: Values): BackfillBody => ({
    happened_at: instant(text(values, 'happenedAt')),
    ground: values.outage as BackfillBody['ground'],
  }),
}

/** The only report left to withdraw, where it is not the issue's own, which is meant without a name. */
function anothers({ detail, reports: [one, ...more] }: Subject): string | undefined {
  return one && more.length === 0 && detail && !detail.reports.some((report) => report.id === one.code) ? one.code : undefined
}

export const FORMS: Readonly<Record<DeskVerb, Form>> = {
  accept: NOTHING,
  file: NOTHING,
  verify: NOTHING,
  merge: BECAUSE, // its own dialog shows both sides
  reconsider: BECAUSE,
  unmerge: BECAUSE,
  resume: BECAUSE,
  reopen: BECAUSE,
  void: BECAUSE,
  withdraw: {
    fields: (values, about) => [
      ...(about.reports.length > 1
        ? [{ kind: 'choice', name: 'report', label: label.whose, options: about.reports, needed: true } as const]
        : []),
      ...BECAUSE.fields(values, about),
    ],
    body: (values, about) => given({ ...BECAUSE.body(values, about), report: values.report ?? anothers(about) }),
  },
  reveal: BECAUSE,
  recall: BECAUSE,
  acknowledge: NOTHING,
  start: NOTHING,
  forward: {
    initial: ({ takers }) => ({ taker: takers.length === 1 ? takers[0]?.code : undefined }),
    fields: (values, { takers }) => [
      { kind: 'choice', name: 'taker', label: label.taker, options: takers, needed: true },
      receivers(values.taker ? [values.taker as string] : []),
    ],
    body: (values) => ({ taker: values.taker, receivers: named(values, [values.taker as string]) }),
  },
  feed_back: {
    initial: () => ({ result: 'handled', photos: [], files: [] }),
    fields: () => [
      { kind: 'choice', name: 'result', label: label.result, options: options(RESULTS), needed: true },
      { kind: 'text', name: 'text', label: label.feedback, needed: true },
      { kind: 'photos', name: 'photos', label: label.photos },
      { kind: 'files', name: 'files', label: label.files },
    ],
    body: (values) => ({ result: values.result, text: text(values, 'text') }),
  },
  message: {
    initial: ({ detail }) => ({ thread: (detail?.threads.find((one) => one.order && one.order === lead(detail)) ?? detail?.threads[0])?.order ?? WHOLE, photos: [], files: [] }),
    fields: (values, about) => {
      const threads = about.detail?.threads ?? []
      if (about.answering) return [wordsField(label.message, about), ...FILES]
      const thread = threadIn(values, about)
      return [
        ...(threads.length > 1
          ? [{ kind: 'choice', name: 'thread', label: label.thread, needed: true, options: threads.map((one) => ({ code: one.order ?? WHOLE, name: threadName(one, about) })) } as const]
          : []),
        wordsField(label.message, about),
        { kind: 'check', name: 'asking', label: words.message.asking(only(thread) ? about.nameOf(only(thread) ?? '') : '') },
        ...(values.asking && !only(thread)
          ? [
              { kind: 'choice', name: `asks.${thread?.order ?? WHOLE}`, label: label.asks, needed: true, options: (thread?.asks ?? []).map((code) => ({ code, name: about.nameOf(code) })) } as const,
            ]
          : []),
        ...(values.asking ? [{ kind: 'moment', name: 'answerBy', label: label.answerBy, needed: true } as const] : []),
        ...FILES,
      ]
    },
    body: (values, about) =>
      given({
        text: text(values, 'text'),
        answers: about.answering?.id,
        asks: values.asking ? (only(threadIn(values, about)) ?? values[`asks.${threadOf(values, about) ?? WHOLE}`]) : '',
        answer_by: values.asking ? instant(text(values, 'answerBy')) : '',
      }),
  },
  progress: {
    initial: () => ({ photos: [], files: [] }),
    fields: (_, about) => [wordsField(label.progress, about), ...FILES],
    body: (values) => ({ text: text(values, 'text') }),
  },
  request_return: {
    fields: (_, { units }) => [
      { kind: 'choice', name: 'ground', label: label.returnGround, options: options(RETURN_GROUNDS), needed: true },
      { kind: 'choice', name: 'unit', label: label.proposed, options: units },
      { kind: 'text', name: 'text', label: label.returnText, needed: true },
    ],
    body: (values) => given({ ground: values.ground, unit: values.unit, text: text(values, 'text') }),
  },
  pass_up: {
    fields: () => [{ kind: 'text', name: 'text', label: label.passUpText }],
    body: (values) => given({ text: text(values, 'text') }),
  },
  decline: {
    fields: (_, { grounds }) => [
      { kind: 'choice', name: 'ground', label: label.ground, options: grounds, needed: true },
      { kind: 'text', name: 'text', label: label.textToReporter, needed: true },
    ],
    body: (values) => ({ ground: values.ground, text: text(values, 'text') }),
  },
  settle_on_spot: {
    fields: () => [
      { kind: 'text', name: 'text', label: label.settled, needed: true },
      { kind: 'check', name: 'consent', label: label.consent, needed: true },
    ],
    body: (values) => ({ text: text(values, 'text'), consent: true }),
  },
  dispatch: DISPATCH,
  redispatch: {
    ...DISPATCH,
    fields: (values, about) => DISPATCH.fields({ ...values, assists: [] }, about).filter((field) => field.name !== 'assists'),
    body: (values, about) => {
      const { unit, reason } = DISPATCH.body(values, about)
      return given({ unit, reason, receivers: named(values, [values.unit as string]) })
    },
  },
  add_assist: {
    initial: () => ({ units: [] }),
    fields: (values) => [
      { kind: 'units', name: 'units', label: label.assists, needed: true },
      receivers((values.units as string[] | undefined) ?? []),
    ],
    body: (values) => ({ units: values.units, receivers: named(values, (values.units as string[] | undefined) ?? []) }),
  },
  suspend: {
    fields: () => [
      { kind: 'day', name: 'until', label: label.until, needed: true },
      { kind: 'text', name: 'reason', label: label.reason, needed: true },
    ],
    body: (values) => ({ until: instant(text(values, 'until')), reason: text(values, 'reason') }),
  },
  rework: {
    initial: ({ detail }) => ({ orders: [lead(detail)].filter(Boolean) }),
    fields: (_, { detail }) => [
      {
        kind: 'orders',
        name: 'orders',
        label: label.orders,
        needed: true,
        orders: (detail?.orders ?? []).filter((order) => ['fed_back', 'completed'].includes(order.card.state)),
      },
      { kind: 'text', name: 'reason', label: label.reason, needed: true },
    ],
    body: (values) => ({ orders: values.orders, reason: text(values, 'reason') }),
  },
  close: {
    initial: ({ detail }) => ({ outcome: detail?.card.state === 'verified' ? 'resolved' : 'withdrawn', followedUp: false }),
    fields: (values, { detail, outcomes }) => {
      const verified = detail?.card.state === 'verified'
      const withdrawn = Boolean(detail?.card.withdrawn_at)
      const fields: Field[] = [
        {
          kind: 'choice',
          name: 'outcome',
          label: label.outcome,
          needed: true,
          options: outcomes.filter((one) => (one.code === 'withdrawn' ? withdrawn : verified)),
        },
      ]
      if (values.outcome === 'not_resolved')
        fields.push(
          { kind: 'text', name: 'reason', label: label.notResolved, needed: true },
          { kind: 'day', name: 'toldAt', label: label.toldAt, needed: true },
        )
      if (values.outcome === 'followed') fields.push({ kind: 'day', name: 'nextOn', label: label.nextOn, needed: true })
      fields.push({ kind: 'check', name: 'followedUp', label: label.followedUp })
      if (!values.followedUp) fields.push({ kind: 'text', name: 'waive', label: label.waive, needed: true })
      return fields
    },
    body: (values) =>
      given({
        outcome: values.outcome,
        followed_up: Boolean(values.followedUp),
        reason: values.outcome === 'not_resolved' ? text(values, 'reason') : '',
        told_at: values.outcome === 'not_resolved' ? instant(text(values, 'toldAt')) : '',
        next_on: values.outcome === 'followed' ? text(values, 'nextOn') : '',
        waive_reason: values.followedUp ? '' : text(values, 'waive'),
      }),
  },
  amend: {
    initial: ({ detail }) => ({ level: detail?.card.level, urgent: detail?.card.urgent, item: detail?.card.item, cell: '' }),
    fields: (_, { point }) => [
      { kind: 'item', name: 'item', label: label.item },
      { kind: 'choice', name: 'level', label: label.level, options: options(LEVELS), needed: true },
      { kind: 'check', name: 'urgent', label: label.urgent },
      ...(point ? [] : [{ kind: 'cell', name: 'cell', label: label.cell } as const]),
      { kind: 'text', name: 'reason', label: label.reason, needed: true },
    ],
    /** Only what differs: an amendment names what was wrong. */
    body: (values, { detail, point }) => {
      const card = detail?.card
      return given({
        item: values.item === card?.item ? '' : values.item,
        level: values.level === card?.level ? '' : values.level,
        urgent: values.urgent === card?.urgent ? '' : values.urgent,
        cell: point ? '' : values.cell,
        position: point ? { ...point, system: 'CGCS2000' } : '',
        reason: text(values, 'reason'),
      })
    },
  },
  refer_emergency: {
    initial: ({ minute }) => ({ to: '110' satisfies EmergencyNumber, at: minute }),
    fields: () => [
      { kind: 'choice', name: 'to', label: label.emergencyTo, options: NUMBERS, needed: true },
      { kind: 'moment', name: 'at', label: label.emergencyAt, needed: true },
      { kind: 'text', name: 'answer', label: label.answer, needed: true },
    ],
    body: (values) => ({ to: values.to, at: instant(text(values, 'at')), answer: text(values, 'answer') }),
  },
  grant: {
    fields: () => [{ kind: 'text', name: 'reason', label: label.ruling }],
    body: (values) => given({ reason: text(values, 'reason') }),
  },
  compel: {
    fields: () => [{ kind: 'text', name: 'reason', label: label.ruling, needed: true }],
    body: (values) => ({ reason: text(values, 'reason') }),
  },
  reply: {
    initial: () => ({ channel: 'telephone' }),
    fields: () => [
      { kind: 'choice', name: 'channel', label: label.channel, options: options(REPLY_CHANNELS), needed: true },
      { kind: 'text', name: 'text', label: label.replyText, needed: true },
    ],
    body: (values) => ({ channel: values.channel, text: text(values, 'text') }),
  },
}

/** Makes of `values` what they were before anything was entered. */
export function reset(values: Values, initial: Values = {}): void {
  for (const name of Object.keys(values)) Reflect.deleteProperty(values, name)
  Object.assign(values, initial)
}

/** Whether a needed field is still empty. */
export function lacks(field: Field, values: Values): boolean {
  if (!field.needed) return false
  const value = values[field.name]
  if (Array.isArray(value)) return value.length === 0
  return value === null || value === undefined || value === false || String(value).trim() === ''
}

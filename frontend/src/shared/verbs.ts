/** The desk's verbs as the screens offer them. Which are open is the server's to say (`open_verbs`). */

import { ISSUE_VERB_NEEDS, ORDER_VERB_NEEDS } from '@/api/verbs'
import type { Needs } from '@/api/verbs'
import type * as words from '@/api/words'
import { FACTS, VERBS, wordFor } from './words/domain'

/** What follows from an order, or from time, nobody does: no screen offers it. */
type Derived = 'feed_back' | 'lose_lead' | 'archive'
export type IssueVerb = Exclude<words.IssueVerb, Derived> | 'reveal'
type Orders = typeof ORDER_VERB_NEEDS
type Needing<T, K extends keyof Needs> = { [V in keyof T]: T[V] extends Record<K, true> ? V : never }[keyof T]
/** What a unit does with its order; the rest comes through the issue's verbs, or by a ruling. Messages stand with their thread. */
export type OrderVerb = Exclude<keyof Orders, 'recall' | 'message'>
/** Those for which something is entered: they have a dialog. */
export type LedOrderVerb = Exclude<Needing<Orders, 'words'>, 'recall' | 'message'>
type PaperOrderVerb = Needing<Orders, 'paper'>
/** What is done to an order, a return request or a report from the desk. */
export type PartVerb = 'recall' | Exclude<words.RequestVerb, 'withdraw'> | 'reply' | LedOrderVerb | PaperOrderVerb
export type OrderStep = { versioned: boolean } & ({ verb: OrderVerb; direct: true } | { verb: LedOrderVerb; direct: false })
const NEXT_FIRST: readonly string[] = ['acknowledge', 'feed_back', 'start', 'forward', 'take_back', 'request_return']
const place = (verb: string): number => (NEXT_FIRST.includes(verb) ? NEXT_FIRST.indexOf(verb) : NEXT_FIRST.length)
/** Each verb that is declared of an order, the next step first; what needs nothing entered is done at once. */
export const ORDER_STEPS: readonly OrderStep[] = Object.entries(ORDER_VERB_NEEDS)
  .flatMap(([verb, needs]) => (verb === 'recall' || verb === 'message' ? [] : [{ verb, direct: !needs.words, versioned: needs.versioned } as OrderStep]))
  .sort((a, b) => place(a.verb) - place(b.verb))
export type DeskVerb = IssueVerb | PartVerb

/** Into what an issue may be merged; what was only reported counts as accepted by it. As dispatch/matter/issues/states.py says. */
export const MERGES_INTO: ReadonlySet<string> = new Set(['reported', 'accepted', 'filed', 'in_handling', 'suspended'])

export interface Offer {
  verb: IssueVerb
  /** Done at once, without a dialog: nothing to enter, and nothing that can't go on. */
  direct: boolean
  /** Sends If-Match. */
  versioned: boolean
  danger: boolean
  /** The usual way on; what is not stands behind "more". */
  usual: boolean
}

/** The next step first. Reading in clear is offered beside the text that is masked. */
const OFFERED: Readonly<Record<Exclude<IssueVerb, 'reveal'>, Partial<Omit<Offer, 'verb' | 'versioned' | 'danger'>>>> = {
  accept: { direct: true, usual: true },
  reconsider: { usual: true },
  file: { direct: true, usual: true },
  dispatch: { usual: true },
  redispatch: { usual: true },
  verify: { usual: true },
  close: { usual: true },
  resume: { usual: true },
  pass_up: { usual: true },
  settle_on_spot: { usual: true },
  rework: { usual: true },
  decline: { usual: true },
  add_assist: {},
  merge: {},
  unmerge: {},
  amend: {},
  suspend: {},
  withdraw: {},
  refer_emergency: {},
  message: {},
  reopen: {},
  void: {},
}
const OFFERS: readonly Offer[] = Object.entries(OFFERED).map(([name, more]) => {
  const verb = name as keyof typeof OFFERED
  const { versioned, danger } = ISSUE_VERB_NEEDS[verb]
  return { verb, direct: false, versioned, danger, usual: false, ...more }
})

/** The offers among `open`, the next step first. */
export function offersOf(open: readonly string[]): Offer[] {
  return OFFERS.filter((one) => open.includes(one.verb))
}

const isOnPaper = (verb: OrderVerb): verb is PaperOrderVerb => ORDER_VERB_NEEDS[verb].paper
/** The steps of an issue that a duty lead may enter from paper; of its orders the server says it (`backfill_verbs`). */
const FROM_PAPER: ReadonlySet<string> = new Set(Object.entries(ISSUE_VERB_NEEDS).flatMap(([verb, needs]) => (needs.paper ? [verb] : [])))

export interface PaperOffer {
  verb: IssueVerb | PaperOrderVerb
  /** The order that it is about; null: the issue. */
  order: { id: string; unit: string } | null
}

/** What may be entered from paper now, the issue's step first. */
export function paperOffersOf(
  open: readonly string[],
  orders: readonly { id: string; card: { unit: string }; backfill_verbs: readonly string[] }[],
): PaperOffer[] {
  return [
    ...offersOf(open).flatMap(({ verb }) => (FROM_PAPER.has(verb) ? [{ verb, order: null }] : [])),
    ...orders.flatMap(({ id, card, backfill_verbs: verbs }) =>
      ORDER_STEPS.flatMap(({ verb }) => (isOnPaper(verb) && verbs.includes(verb) ? [{ verb, order: { id, unit: card.unit } }] : [])),
    ),
  ]
}

type EventOf<N extends string> = N extends `${string}.${infer E}` ? E : never
const VERB_OF_FACT: Readonly<Partial<Record<EventOf<words.FactName>, keyof typeof VERBS>>> = {
  reported: 'report',
  accepted: 'accept',
  passed_up: 'pass_up',
  declined: 'decline',
  reconsidered: 'reconsider',
  merged: 'merge',
  unmerged: 'unmerge',
  settled: 'settle_on_spot',
  filed: 'file',
  dispatched: 'dispatch',
  redispatched: 'redispatch',
  assist_added: 'add_assist',
  sent: 'dispatch',
  acknowledged: 'acknowledge',
  relayed_down: 'acknowledge',
  started: 'start',
  fed_back: 'feed_back',
  suspended: 'suspend',
  resumed: 'resume',
  verified: 'verify',
  completed: 'verify',
  reworked: 'rework',
  closed: 'close',
  reopened: 'reopen',
  voided: 'void',
  amended: 'amend',
  withdrawn: 'withdraw',
  emergency_referred: 'refer_emergency',
  recalled: 'recall',
  forwarded: 'forward',
  forward_acknowledged: 'acknowledge',
  taken_back: 'take_back',
  returned: 'grant',
  compelled: 'compel',
}

/** The verb behind a fact's name (`issue.accepted` → `accept`). */
export function verbOf(factName: string): string {
  const event = factName.split('.')[1] ?? factName
  return (VERB_OF_FACT as Readonly<Record<string, string | undefined>>)[event] ?? event
}

/** What a fact's step is called: its verb, else what the fact tells. */
export const stepWord = (factName: string): string => {
  const verb = verbOf(factName)
  return verb in VERBS ? wordFor(VERBS, verb) : wordFor(FACTS, factName)
}

/** The desk's verbs as the screens offer them. Which are open is the server's to say (`open_verbs`). */

import type * as words from '@/api/words'
import { FACTS, VERBS, wordFor } from './words/domain'

/** What follows from an order, or from time, nobody does: no screen offers it. */
type Derived = 'feed_back' | 'lose_lead' | 'archive'
export type IssueVerb = Exclude<words.IssueVerb, Derived> | 'reveal'
/** What a unit does with its order; the rest comes through the issue's verbs, or by a ruling. */
export type OrderVerb = Exclude<words.OrderVerb, 'complete' | 'rework' | 'grant_return' | 'recall'>
/** What is done to an order, a return request or a report from the desk. */
export type PartVerb = 'recall' | Exclude<words.RequestVerb, 'withdraw'> | 'reply' | OrderVerb
/** The next step first; what needs nothing entered is done at once. */
const STEPS_OF_ORDERS: Readonly<Record<OrderVerb, { direct: boolean; versioned: boolean }>> = {
  acknowledge: { direct: true, versioned: false },
  feed_back: { direct: false, versioned: true },
  start: { direct: true, versioned: true },
  forward: { direct: false, versioned: true },
  take_back: { direct: true, versioned: true },
  request_return: { direct: false, versioned: true },
}
export const ORDER_STEPS = Object.entries(STEPS_OF_ORDERS).map(([verb, how]) => ({ verb: verb as OrderVerb, ...how }))
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
const OFFERED: Readonly<Record<Exclude<IssueVerb, 'reveal'>, Partial<Offer>>> = {
  accept: { direct: true, versioned: false, usual: true },
  reconsider: { usual: true },
  file: { direct: true, usual: true },
  dispatch: { usual: true },
  redispatch: { usual: true },
  verify: { usual: true },
  close: { usual: true },
  resume: { usual: true },
  pass_up: { usual: true },
  settle_on_spot: { usual: true },
  rework: { danger: true, usual: true },
  decline: { danger: true, usual: true },
  add_assist: {},
  merge: {},
  unmerge: {},
  amend: {},
  suspend: {},
  withdraw: {},
  refer_emergency: { versioned: false, danger: true },
  reopen: {},
  void: { danger: true },
}
const OFFERS: readonly Offer[] = Object.entries(OFFERED).map(([verb, more]) => ({
  verb: verb as IssueVerb,
  direct: false,
  versioned: true,
  danger: false,
  usual: false,
  ...more,
}))

/** The offers among `open`, the next step first. */
export function offersOf(open: readonly string[]): Offer[] {
  return OFFERS.filter((one) => open.includes(one.verb))
}

/** The steps of an issue that a duty lead may enter from paper; of its orders the server says it (`backfill_verbs`). */
const FROM_PAPER: ReadonlySet<string> = new Set<IssueVerb>(['accept', 'file', 'dispatch'])

export interface PaperOffer {
  verb: IssueVerb | OrderVerb
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
      ORDER_STEPS.flatMap(({ verb }) => (verbs.includes(verb) ? [{ verb, order: { id, unit: card.unit } }] : [])),
    ),
  ]
}

const VERB_OF_FACT: Readonly<Record<string, keyof typeof VERBS>> = {
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
  return VERB_OF_FACT[event] ?? event
}

/** What a fact's step is called: its verb, else what the fact tells. */
export const stepWord = (factName: string): string => {
  const verb = verbOf(factName)
  return verb in VERBS ? wordFor(VERBS, verb) : wordFor(FACTS, factName)
}

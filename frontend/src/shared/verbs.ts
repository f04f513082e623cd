/** The desk's verbs as the screens offer them. Which are open is the server's to say (`open_verbs`). */

export type IssueVerb =
  | 'accept'
  | 'pass_up'
  | 'decline'
  | 'reconsider'
  | 'merge'
  | 'unmerge'
  | 'settle_on_spot'
  | 'file'
  | 'dispatch'
  | 'add_assist'
  | 'redispatch'
  | 'suspend'
  | 'resume'
  | 'verify'
  | 'rework'
  | 'close'
  | 'reopen'
  | 'void'
  | 'amend'
  | 'withdraw'
  | 'refer_emergency'
  | 'reveal'
/** What is done to an order, a return request or a report from the desk. */
export type PartVerb = 'recall' | 'grant' | 'compel' | 'reply' | OrderVerb
/** What a unit does with its order. */
export type OrderVerb = 'acknowledge' | 'start' | 'feed_back' | 'request_return' | 'forward' | 'take_back'
/** The next step first; what needs nothing entered is done at once. */
export const ORDER_STEPS: readonly { verb: OrderVerb; direct: boolean; versioned: boolean }[] = [
  { verb: 'acknowledge', direct: true, versioned: false },
  { verb: 'feed_back', direct: false, versioned: true },
  { verb: 'start', direct: true, versioned: true },
  { verb: 'forward', direct: false, versioned: true },
  { verb: 'take_back', direct: true, versioned: true },
  { verb: 'request_return', direct: false, versioned: true },
]
export type DeskVerb = IssueVerb | PartVerb

/** Into what an issue may be merged; what was only reported counts as accepted by it. As dispatch/issues/states.py says. */
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

const offer = (verb: IssueVerb, more: Partial<Offer> = {}): Offer => ({
  verb,
  direct: false,
  versioned: true,
  danger: false,
  usual: false,
  ...more,
})

/** The next step first. */
const OFFERS: readonly Offer[] = [
  offer('accept', { direct: true, versioned: false, usual: true }),
  offer('reconsider', { usual: true }),
  offer('file', { direct: true, usual: true }),
  offer('dispatch', { usual: true }),
  offer('redispatch', { usual: true }),
  offer('verify', { usual: true }),
  offer('close', { usual: true }),
  offer('resume', { usual: true }),
  offer('pass_up', { usual: true }),
  offer('settle_on_spot', { usual: true }),
  offer('rework', { danger: true, usual: true }),
  offer('decline', { danger: true, usual: true }),
  offer('add_assist'),
  offer('merge'),
  offer('unmerge'),
  offer('amend'),
  offer('suspend'),
  offer('withdraw'),
  offer('refer_emergency', { versioned: false, danger: true }),
  offer('reopen'),
  offer('void', { danger: true }),
]

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

const VERB_OF_FACT: Readonly<Record<string, string>> = {
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

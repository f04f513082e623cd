/** The desk's verbs as the screens offer them. Which are open is the server's to say (`open_verbs`). */

export type IssueVerb = 'accept' | 'decline' | 'file' | 'dispatch' | 'verify' | 'rework' | 'close' | 'reveal'

export interface Offer {
  verb: IssueVerb
  /** Done at once, without a dialog: nothing to enter, and nothing that can't go on. */
  direct: boolean
  /** Sends If-Match. */
  versioned: boolean
  danger: boolean
}

const OFFERS: readonly Offer[] = [
  { verb: 'accept', direct: true, versioned: false, danger: false },
  { verb: 'file', direct: true, versioned: true, danger: false },
  { verb: 'dispatch', direct: false, versioned: true, danger: false },
  { verb: 'verify', direct: false, versioned: true, danger: false },
  { verb: 'close', direct: false, versioned: true, danger: false },
  { verb: 'rework', direct: false, versioned: true, danger: true },
  { verb: 'decline', direct: false, versioned: true, danger: true },
]

/** The offers among `open`, the next step first. */
export function offersOf(open: readonly string[]): Offer[] {
  return OFFERS.filter((offer) => open.includes(offer.verb))
}

const VERB_OF_FACT: Readonly<Record<string, string>> = {
  reported: 'report',
  accepted: 'accept',
  declined: 'decline',
  filed: 'file',
  dispatched: 'dispatch',
  sent: 'dispatch',
  acknowledged: 'acknowledge',
  relayed_down: 'acknowledge',
  started: 'start',
  fed_back: 'feed_back',
  verified: 'verify',
  completed: 'verify',
  reworked: 'rework',
  closed: 'close',
}

/** The verb behind a fact's name (`issue.accepted` → `accept`). */
export function verbOf(factName: string): string {
  const event = factName.split('.')[1] ?? factName
  return VERB_OF_FACT[event] ?? event
}

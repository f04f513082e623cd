/** What each verb needs, as it is declared. Written by `./relay generate` (server/verbs.py). */

import type { IssueVerb, OrderVerb, RequestVerb } from './words'

export interface Needs {
  /** The version that the person saw: it sends If-Match. */
  versioned: boolean
  /** Something has to be entered: its body has a field without a default. */
  words: boolean
  /** A duty lead may enter it from paper. */
  paper: boolean
}

export const ISSUE_VERB_NEEDS = {
  accept: { versioned: false, words: false, paper: true },
  add_assist: { versioned: true, words: true, paper: false },
  amend: { versioned: true, words: true, paper: false },
  close: { versioned: true, words: true, paper: false },
  decline: { versioned: true, words: true, paper: false },
  dispatch: { versioned: true, words: true, paper: true },
  file: { versioned: true, words: false, paper: true },
  merge: { versioned: true, words: true, paper: false },
  pass_up: { versioned: true, words: false, paper: false },
  reconsider: { versioned: true, words: true, paper: false },
  redispatch: { versioned: true, words: true, paper: false },
  refer_emergency: { versioned: false, words: true, paper: false },
  reopen: { versioned: true, words: true, paper: false },
  resume: { versioned: true, words: true, paper: false },
  rework: { versioned: true, words: true, paper: false },
  settle_on_spot: { versioned: true, words: true, paper: false },
  suspend: { versioned: true, words: true, paper: false },
  unmerge: { versioned: true, words: true, paper: false },
  verify: { versioned: true, words: false, paper: false },
  void: { versioned: true, words: true, paper: false },
  withdraw: { versioned: true, words: true, paper: false },
} as const satisfies Partial<Record<IssueVerb, Needs>>

export const ORDER_VERB_NEEDS = {
  acknowledge: { versioned: false, words: false, paper: true },
  feed_back: { versioned: true, words: true, paper: true },
  forward: { versioned: true, words: true, paper: false },
  recall: { versioned: true, words: true, paper: false },
  request_return: { versioned: true, words: true, paper: false },
  start: { versioned: true, words: false, paper: true },
  take_back: { versioned: true, words: false, paper: false },
} as const satisfies Partial<Record<OrderVerb, Needs>>

export const REQUEST_VERB_NEEDS = {
  compel: { versioned: true, words: true, paper: false },
  grant: { versioned: true, words: false, paper: false },
} as const satisfies Partial<Record<RequestVerb, Needs>>

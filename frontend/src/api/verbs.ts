/** What each verb needs, as it is declared. Written by `./relay generate` (server/verbs.py). */

import type { IssueVerb, OrderVerb, RequestVerb } from './words'

export interface Needs {
  /** The version that the person saw: it sends If-Match. */
  versioned: boolean
  /** Something has to be entered: its body has a field without a default. */
  words: boolean
  /** A duty lead may enter it from paper. */
  paper: boolean
  /** It takes away what others have in hand, or calls for help. */
  danger: boolean
}

export const ISSUE_VERB_NEEDS = {
  accept: { versioned: false, words: false, paper: true, danger: false },
  add_assist: { versioned: true, words: true, paper: false, danger: false },
  amend: { versioned: true, words: true, paper: false, danger: false },
  close: { versioned: true, words: true, paper: false, danger: false },
  decline: { versioned: true, words: true, paper: false, danger: true },
  dispatch: { versioned: true, words: true, paper: true, danger: false },
  file: { versioned: true, words: false, paper: true, danger: false },
  merge: { versioned: true, words: true, paper: false, danger: false },
  message: { versioned: false, words: true, paper: false, danger: false },
  pass_up: { versioned: true, words: false, paper: false, danger: false },
  reconsider: { versioned: true, words: true, paper: false, danger: false },
  redispatch: { versioned: true, words: true, paper: false, danger: false },
  refer_emergency: { versioned: false, words: true, paper: false, danger: true },
  reopen: { versioned: true, words: true, paper: false, danger: false },
  resume: { versioned: true, words: true, paper: false, danger: false },
  rework: { versioned: true, words: true, paper: false, danger: true },
  settle_on_spot: { versioned: true, words: true, paper: false, danger: false },
  suspend: { versioned: true, words: true, paper: false, danger: false },
  unmerge: { versioned: true, words: true, paper: false, danger: false },
  verify: { versioned: true, words: false, paper: false, danger: false },
  void: { versioned: true, words: true, paper: false, danger: true },
  withdraw: { versioned: true, words: true, paper: false, danger: false },
} as const satisfies Partial<Record<IssueVerb, Needs>>

export const ORDER_VERB_NEEDS = {
  acknowledge: { versioned: false, words: false, paper: true, danger: false },
  feed_back: { versioned: true, words: true, paper: true, danger: false },
  forward: { versioned: true, words: true, paper: false, danger: false },
  message: { versioned: false, words: true, paper: false, danger: false },
  progress: { versioned: false, words: true, paper: false, danger: false },
  recall: { versioned: true, words: true, paper: false, danger: true },
  request_return: { versioned: true, words: true, paper: false, danger: false },
  start: { versioned: true, words: false, paper: true, danger: false },
  take_back: { versioned: true, words: false, paper: false, danger: false },
} as const satisfies Partial<Record<OrderVerb, Needs>>

export const REQUEST_VERB_NEEDS = {
  compel: { versioned: true, words: true, paper: false, danger: false },
  grant: { versioned: true, words: false, paper: false, danger: false },
} as const satisfies Partial<Record<RequestVerb, Needs>>

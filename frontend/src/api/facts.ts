/**
 * What the bodies of facts say, besides who did it. Written by `./relay generate` from the fields of the facts' classes
 * (server/facts.py). A fact that an earlier release told has the body of its time.
 */

import type { FactName } from './words'

/** What any body says besides, where there is anything to say. */
export interface Mark {
  backfill?: { ground: string; happened_at: string; verb: string }
  danger?: string[]
}

export interface BodyOf {
  'amendment.made': { changed: Record<string, unknown> }
  'attempt.concluded': { outcome: string }
  'attempt.made': object
  'attempt.received': { displayed: boolean }
  'call.answered': { from: string | null; post: string; to: string }
  'call.climbed': { from: string | null; to: string }
  'call.listed': { from: string | null; to: string }
  'call.made': { from: string | null; to: string }
  'call.readdressed': object
  'call.redrawn': object
  'call.silenced': { from: string | null; to: string }
  'call.telephoned': { from: string | null; outcome: string; post: string; to: string }
  'escalation.answered': object
  'escalation.dropped': object
  'escalation.raised': object
  'escalation.readdressed': object
  'escalation.redrawn': object
  'issue.accepted': { from: string | null; to: string }
  'issue.acknowledgment_struck': { acknowledged_at: string | null; due_at: string | null; order: string }
  'issue.amended': { fields: string[]; from: string | null; note: string; to: string }
  'issue.archived': { from: string | null; to: string }
  'issue.assist_added': { from: string | null; orders: string[]; to: string }
  'issue.assist_lost': { order: string }
  'issue.breached': { clock: string; due_at: string }
  'issue.clocks_moved': object
  'issue.closed': { followed_up: boolean; from: string | null; next_on: string | null; note: string | null; outcome: string; to: string; told_at: string | null; waive_note: string | null }
  'issue.declined': { from: string | null; ground: string; note: string; to: string }
  'issue.dispatched': { from: string | null; note: string | null; off_catalogue: boolean; orders: string[]; to: string }
  'issue.emergency_referred': { from: string | null; note: string; to: string; told: string; told_at: string }
  'issue.fed_back': { from: string | null; order: string; to: string }
  'issue.filed': { from: string | null; to: string }
  'issue.forwarded': { giver: string; order: string; taker: string }
  'issue.gave_back': { merged: string }
  'issue.handling_started': { order: string }
  'issue.lead_lost': { from: string | null; order: string; to: string }
  'issue.merged': { from: string | null; into: string; note: string | null; to: string }
  'issue.moved': { from_place: string; to_place: string }
  'issue.passed_up': { from: string | null; from_unit: string; note: string | null; to: string; to_unit: string }
  'issue.reconsidered': { from: string | null; note: string; to: string }
  'issue.redispatched': { from: string | null; note: string | null; off_catalogue: boolean; orders: string[]; to: string }
  'issue.redrawn': object
  'issue.relayed_down': { order: string }
  'issue.reopened': { from: string | null; note: string; to: string }
  'issue.reported': { from: string | null; to: string }
  'issue.resumed': { from: string | null; note: string; to: string }
  'issue.reworked': { from: string | null; note: string; orders: string[]; to: string }
  'issue.settled': { from: string | null; note: string; to: string }
  'issue.suspended': { from: string | null; note: string; to: string; until: string }
  'issue.suspension_ended': { from: string | null; to: string }
  'issue.taken_back': { giver: string; order: string; taker: string }
  'issue.took_in': { merged: string }
  'issue.unmerged': { from: string | null; note: string; to: string }
  'issue.verified': { from: string | null; to: string }
  'issue.voided': { from: string | null; note: string; to: string }
  'issue.withdrawn': { from: string | null; note: string; reports: string[]; to: string }
  'message.answered': object
  'message.made': { note: string }
  'message.progress_noted': { note: string }
  'message.read': { unit: string }
  'message.struck': { ground: string }
  'order.acknowledged': { from: string | null; to: string }
  'order.amended': object
  'order.breached': { clock: string; due_at: string }
  'order.clocks_moved': object
  'order.completed': { from: string | null; to: string }
  'order.fed_back': { from: string | null; note: string; result: string; to: string }
  'order.forward_acknowledged': { giver: string; taker: string }
  'order.forwarded': { giver: string; taker: string }
  'order.moved': { from_place: string; to_place: string }
  'order.recalled': { from: string | null; note: string; to: string }
  'order.redrawn': object
  'order.returned': { from: string | null; request: string; to: string }
  'order.reworked': { from: string | null; note: string; to: string }
  'order.sent': { from: string | null; to: string }
  'order.started': { from: string | null; to: string }
  'order.taken_back': { giver: string; taker: string }
  'receipt.delivered': object
  'receipt.displayed': object
  'reply.made': object
  'report.added': { addition: string }
  'report.amended': object
  'report.breached': { clock: string; due_at: string }
  'report.moved': { from_place: string; to_place: string }
  'report.rated': { score: number }
  'report.received': object
  'report.reconsideration_asked': { addition: string }
  'report.redrawn': object
  'report.relayed_up': object
  'report.reopened': object
  'report.settled': object
  'report.shared': object
  'report.withheld': object
  'return.amended': object
  'return.compelled': { from: string | null; note: string; to: string }
  'return.granted': { from: string | null; note: string | null; to: string }
  'return.moved': { from_place: string; to_place: string }
  'return.redrawn': object
  'return.requested': { from: string | null; note: string; to: string }
  'return.withdrawn': { from: string | null; to: string }
  'reveal.made': object
  'viewing.made': { of: string; post: string; reason: string; what: string }
}

/** A fact's name with its body. */
export type Told = { [N in FactName]: { name: N; body: Mark & BodyOf[N] } }[FactName]

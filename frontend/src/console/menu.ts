/** All that can be done about the open issue now, in the order of the menu behind ".": of the issue, its orders, its requests, its reports. Pure. */

import type { IssueDetail } from '@/api/calls'
import { ORDER_STEPS, offersOf, paperOffersOf } from '@/shared/verbs'
import type { Offer, OrderStep, PaperOffer } from '@/shared/verbs'

export type RequestVerb = 'grant' | 'compel'
export type Entry =
  | { kind: 'step'; offer: Offer }
  | { kind: 'request'; verb: RequestVerb; id: string; unit: string }
  | { kind: 'order'; step: OrderStep | { verb: 'recall'; direct: false }; id: string; unit: string }
  | { kind: 'reply'; id: string; nth: number | null }
  | { kind: 'reveal' | 'place' }
  | { kind: 'paper'; offer: PaperOffer }

export interface Menu {
  may: (right: string) => boolean
  /** Something of its reports is masked. */
  masked: boolean
  /** It lies in no cell. */
  placeless: boolean
}

const RULINGS: readonly RequestVerb[] = ['grant', 'compel']

/** What was done on paper stands behind everything else: after an outage only, for the duty lead. */
export function menuOf(now: IssueDetail, { may, masked, placeless }: Menu): Entry[] {
  const reports = now.answers ? now.reports : []
  return [
    ...offersOf(now.open_verbs).map((offer) => ({ kind: 'step', offer }) as const),
    ...now.requests.flatMap((one) =>
      RULINGS.filter((verb) => one.open_verbs.includes(verb)).map((verb) => ({ kind: 'request', verb, id: one.id, unit: one.card.from_unit }) as const),
    ),
    ...now.orders.flatMap((one) =>
      ORDER_STEPS.filter(({ verb }) => one.open_verbs.includes(verb)).map((step) => ({ kind: 'order', step, id: one.id, unit: one.card.unit }) as const),
    ),
    ...now.orders.filter((one) => one.open_verbs.includes('recall')).map((one) => ({ kind: 'order', step: { verb: 'recall', direct: false }, id: one.id, unit: one.card.unit }) as const),
    ...reports.map(({ id }, index) => ({ kind: 'reply', id, nth: reports.length > 1 ? index + 1 : null }) as const),
    ...(now.reveals && masked ? [{ kind: 'reveal' } as const] : []),
    ...(now.open_verbs.includes('amend') && placeless ? [{ kind: 'place' } as const] : []),
    ...(may('issues.backfill') ? paperOffersOf(now.open_verbs, now.orders).map((offer) => ({ kind: 'paper', offer }) as const) : []),
  ]
}

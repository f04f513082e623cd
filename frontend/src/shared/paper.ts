/** What the facts of a backfilled step (补录) say of the paper. Pure. */

import type { Mark } from '@/api/facts'

export interface Paper {
  happenedAt: string
  ground: string
}

/** The paper's time and ground in a fact's body; null for what was entered as it happened. */
export const paperOf = ({ backfill }: Mark): Paper | null =>
  backfill ? { happenedAt: backfill.happened_at, ground: backfill.ground } : null

/** What the facts of a backfilled step (补录) say of the paper. Pure. */

export interface Paper {
  happenedAt: string
  ground: string
}

/** The paper's time and ground in a fact's body; null for what was entered as it happened. */
export function paperOf(body: Readonly<Record<string, unknown>>): Paper | null {
  const said = body.backfill
  if (typeof said !== 'object' || said === null) return null
  const { happened_at: happenedAt, ground } = said as Record<string, unknown>
  return typeof happenedAt === 'string' && typeof ground === 'string' ? { happenedAt, ground } : null
}

/** Clocks as cards show them, for tests: amber from 80 % of what they allow. */

import type { Clock } from '@/shared/protocol'

let last = 0

export function clockCard(kind: string, started: string, due: string | null, more: Partial<Clock> = {}): Clock {
  const [from, to] = [Date.parse(started), Date.parse(due ?? '')]
  return {
    id: ++last,
    kind,
    started_at: started,
    amber_at: due === null ? null : new Date(to - (to - from) * 0.2).toISOString(),
    due_at: due,
    allowance_s: due === null ? 3600 : (to - from) / 1000,
    stopped_at: null,
    breached_at: null,
    ...more,
  }
}

/** Cards as the server makes them, for tests: whole ones. */

import type { CellCard, ClockCard, EscalationCard, IssueCard, OrderCard } from '@/api/cards'

const AT = '2026-11-02T01:00:00Z'
let last = 0

/** A clock: amber from 80 % of what it allows. */
export function clockCard(kind: ClockCard['kind'], started: string, due: string | null, more: Partial<ClockCard> = {}): ClockCard {
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
    paused_at: null,
    light: null,
    left_ms: null,
    uncounted: false,
    ...more,
  }
}

export const CELL: CellCard = { id: 'g1', code: '001', name: '东街第1网格', path: '330199/001', tier: 'grid' }

export const issueCard = (more: Partial<IssueCard> = {}): IssueCard => ({
  cell: CELL,
  channel: 'centre_phone',
  clocks: [],
  emergency_at: null,
  exercise: false,
  holder: null,
  item: '0203',
  lead: null,
  level: 'general',
  merged_into: null,
  number: '000001',
  open: true,
  outcome: null,
  reported_at: AT,
  reports_merged: 0,
  responsible: 'u1',
  round: 1,
  sensitive: false,
  state: 'reported',
  suspended_until: null,
  triage: null,
  urgent: false,
  withdrawn_at: null,
  ...more,
})

export const orderCard = (more: Partial<OrderCard> = {}): OrderCard => ({
  acknowledged_at: null,
  cell: null,
  clock: null,
  clocks: [],
  forwards: [],
  issue: 'i1',
  item: '0201',
  level: 'general',
  number: '000009',
  open: true,
  receiver: null,
  rework_count: 0,
  role: 'lead',
  round: 1,
  sent_at: AT,
  state: 'sent',
  unit: 'u1',
  urgent: false,
  ...more,
})

export const escalationCard = (more: Partial<EscalationCard> = {}): EscalationCard => ({
  at: AT,
  clock: 'relay_up',
  due_at: AT,
  ended_at: null,
  issue: 'i1',
  number: '000001',
  open: true,
  order: null,
  percent: 100,
  told: { post: null, rank: 'head', unit: 'u1' },
  ...more,
})

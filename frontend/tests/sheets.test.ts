/** What a printed sheet says happened: one clear line for each step. */

import { expect, it } from 'vitest'
import type { TimelineEntry } from '@/api/calls'
import { linesOf } from '@/console/sheets'

const entry = (at: string, name: string, body: Record<string, unknown> = {}, kind = name.split('.')[0]): TimelineEntry =>
  ({ at: `2026-11-22T${at}+08:00`, name, body, object_kind: kind, by: { unit: null, name: '系统' } }) as unknown as TimelineEntry
const said = (...entries: TimelineEntry[]): string[] => linesOf(entries).map(([, what]) => what)

it('names an action once, whatever facts tell it', () => {
  expect(said(entry('08:00', 'report.received'), entry('08:00', 'issue.reported'))).toEqual(['上报'])
  expect(said(entry('09:00', 'report.breached', { clock: 'relay_up' }), entry('09:00', 'issue.breached', { clock: 'relay_up' }))).toEqual(['上传 超限'])
  expect(said(entry('09:00', 'issue.accepted'), entry('09:00', 'report.relayed_up'))).toEqual(['受理'])
  expect(said(entry('09:10', 'issue.dispatched'), entry('09:10', 'order.sent'), entry('09:10', 'report.shared'))).toEqual(['派遣'])
  expect(said(entry('09:20', 'order.acknowledged'), entry('09:20', 'issue.relayed_down'))).toEqual(['签收'])
  expect(said(entry('09:30', 'order.breached', { clock: 'relay_down_order' }), entry('09:30', 'issue.breached', { clock: 'relay_down_issue' }))).toHaveLength(1)
  expect(said(entry('10:00', 'issue.merged'), entry('10:00', 'report.settled'))).toEqual(['并案'])
})

it('says that a granted return struck the acknowledgment, and until when its relay down runs', () => {
  const struck = (due: string | null) => said(entry('10:00', 'issue.acknowledgment_struck', { order: 'o', acknowledged_at: null, due_at: due }))
  expect(struck('2026-11-22T09:05:00+08:00')).toEqual(['签收不计入下达，续计至 09:05'])
  expect(struck('2026-11-21T09:05:00+08:00')).toEqual(['签收不计入下达，续计至 11/21 09:05'])
  expect(struck(null)).toEqual(['签收不计入下达'])
})

it('says what a report alone tells, and nothing of devices, looks and the ladder', () => {
  expect(said(entry('09:00', 'report.breached', { clock: 'relay_up' }))).toEqual(['上传 超限'])
  expect(said(entry('09:00', 'receipt.delivered'), entry('09:01', 'escalation.raised'), entry('09:02', 'viewing.made', { what: 'photo' }))).toEqual([])
})

/** 交接班单: numbers equal the figures, and on paper nothing tells a sensitive matter. Source: docs/rules.md, "Duty". */

import { describe, expect, it } from 'vitest'
import type { HandoverSheet, SheetSection } from '@/api/calls'
import { leftOut, linesFor, open, partsOf, signedBy } from '@/console/handover'

const line = (number: string, sensitive: boolean, what = 'relay_up', state = 'breached'): SheetSection['lines'][number] => ({
  issue: number,
  number,
  item: '1901',
  place: null,
  what,
  state,
  unit: 'u',
  since: '2026-11-22T09:00:00Z',
  due_at: null,
  sensitive,
})
const none: SheetSection = { count: 0, sensitive: 0, lines: [] }
const some: SheetSection = { count: 5, sensitive: 2, lines: [line('000001', false), line('000002', true), line('000003', false)] }
const sheet: HandoverSheet = { states: {}, sensitive: 2, late: some, urgent: none, calls: none, relays: some, requests: none }

describe('a handover on paper', () => {
  it('lists no sensitive matter, and counts it beside', () => {
    expect(linesFor(some, true).map((one) => one.number)).toEqual(['000001', '000003'])
    expect(open(some)).toBe(3)
    expect(leftOut(some, true)).toBe(1)
  })
  it('on the screen lists what the desk sees', () => {
    expect(linesFor(some, false)).toHaveLength(3)
    expect(leftOut(some, false)).toBe(2)
  })
})

describe('what a section says', () => {
  it('names the clock, and of a relay whether it is breached', () => {
    const said = partsOf(sheet).map((part) => [part.key, part.section.lines[0] ? part.said(part.section.lines[0]) : ''])
    expect(said).toEqual([
      ['urgent', ''],
      ['late', '上传'],
      ['calls', ''],
      ['relays', '上传 已超限'],
      ['requests', ''],
    ])
  })
  it('names who signed with the role, and nobody where nobody gave', () => {
    expect(signedBy({ name: '林晓舟', role: 'duty_officer' })).toBe('林晓舟（值班员）')
    expect(signedBy(null)).toBe('')
  })
})

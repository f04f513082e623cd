/** Number and query code of what was sent: kept on a resident's device until they are dismissed, also after a reload, Back or the browser's end. */

import { clock } from '@/shared/clock'
import type { Filed } from './calls'

const SENT = 'relay60.resident.sent'
const MOST = 20

/** A report that was sent from this device. `open`: its slip is what the page shows first. */
export interface KeptReport extends Filed {
  at: number
  open: boolean
}

const isReport = (one: unknown): one is KeptReport => {
  const report = one as Partial<KeptReport> | null
  return typeof report?.number === 'string' && typeof report.query_code === 'string'
}

function read(): unknown {
  try {
    return JSON.parse(localStorage.getItem(SENT) ?? 'null') as unknown
  } catch {
    return null
  }
}

function write(value: readonly KeptReport[]): boolean {
  try {
    localStorage.setItem(SENT, JSON.stringify(value))
    return true
  } catch {
    return false // a browser that keeps nothing, or whose store is full
  }
}

/** What was sent from this device and not dismissed, the newest first. */
export function sentHere(): KeptReport[] {
  const found = read()
  return Array.isArray(found) ? found.filter(isReport) : []
}

/** Keeps a report that was just sent, its slip open. False: this device keeps nothing, so that it must be written down. */
export function keepSent(filed: Filed, now = clock.now()): boolean {
  const others = sentHere().filter((one) => one.query_code !== filed.query_code)
  return write([{ ...filed, at: now, open: true }, ...others.map((one) => ({ ...one, open: false }))].slice(0, MOST))
}

/** The slip of a report is what the page shows first, or none's. */
export function openSlip(code: string | null): void {
  write(sentHere().map((one) => ({ ...one, open: one.query_code === code })))
}

/** Forgets one report: its number and query code are gone from this device. */
export function dismiss(code: string): void {
  write(sentHere().filter((one) => one.query_code !== code))
}

/**
 * What a resident's device keeps. Number and query code of what was sent, until they are dismissed: also after a reload, Back or
 * the browser's end. What is half written, in this tab only and for a day: the phone may be another's.
 */

import { clock } from '@/shared/clock'
import type { Draft } from '@/shared/photo'
import type { Filed } from './calls'

const SENT = 'relay60.resident.sent'
const MOST = 20
const HALF_WRITTEN_MS = 24 * 3_600_000
const MOST_CHARS = 3_500_000 // a tab's store holds some five million; words come before photos

/** A report that was sent from this device. `open`: its slip is what the page shows first. */
export interface KeptReport extends Filed {
  at: number
  open: boolean
}

const isReport = (one: unknown): one is KeptReport => {
  const report = one as Partial<KeptReport> | null
  return typeof report?.number === 'string' && typeof report.query_code === 'string'
}

function readJson(store: Storage, name: string): unknown {
  try {
    return JSON.parse(store.getItem(name) ?? 'null') as unknown
  } catch {
    return null
  }
}

function write(store: Storage, name: string, value: unknown): boolean {
  try {
    store.setItem(name, JSON.stringify(value))
    return true
  } catch {
    return false // a browser that keeps nothing, or whose store is full
  }
}

/** What was sent from this device and not dismissed, the newest first. */
export function sentHere(): KeptReport[] {
  const found = readJson(localStorage, SENT)
  return Array.isArray(found) ? found.filter(isReport) : []
}

/** Keeps a report that was just sent, its slip open. False: this device keeps nothing, so that it must be written down. */
export function keepSent(filed: Filed, now = clock.now()): boolean {
  const others = sentHere().filter((one) => one.query_code !== filed.query_code)
  return write(localStorage, SENT, [{ ...filed, at: now, open: true }, ...others.map((one) => ({ ...one, open: false }))].slice(0, MOST))
}

/** The slip of a report is what the page shows first, or none's. */
export function openSlip(code: string | null): void {
  write(localStorage, SENT, sentHere().map((one) => ({ ...one, open: one.query_code === code })))
}

/** Forgets one report: its number and query code are gone from this device. */
export function dismiss(code: string): void {
  write(localStorage, SENT, sentHere().filter((one) => one.query_code !== code))
}

/** A form's fields as they were left in this tab, or null. `lost`: so many photos were too large to keep. */
export interface HalfWritten<T> {
  fields: T
  photos: { key: string; data: string; id: string | null }[]
  lost: number
  at: number
}

export async function keepHalfWritten(name: string, fields: object, photos: readonly Draft[] = [], now = clock.now()): Promise<void> {
  const kept: HalfWritten<object> = { fields, photos: [], lost: 0, at: now }
  let room = MOST_CHARS
  for (const one of photos) {
    const data = await dataOf(one.blob)
    if (data.length > room) kept.lost += 1
    else {
      room -= data.length
      kept.photos.push({ key: one.key, data, id: one.id })
    }
  }
  if (!write(sessionStorage, name, kept)) write(sessionStorage, name, { ...kept, photos: [], lost: photos.length })
}

export function halfWritten<T>(name: string, now = clock.now()): HalfWritten<T> | null {
  const found = readJson(sessionStorage, name) as HalfWritten<T> | null
  if (!found || typeof found.at !== 'number' || now - found.at > HALF_WRITTEN_MS || typeof found.fields !== 'object') {
    forgetHalfWritten(name)
    return null
  }
  return found
}

export function forgetHalfWritten(name: string): void {
  try {
    sessionStorage.removeItem(name)
  } catch {
    // nothing was kept
  }
}

/** Photos as they were chosen. */
export const draftsOf = (kept: HalfWritten<unknown>): Draft[] =>
  kept.photos.map((one) => ({ key: one.key, blob: blobOf(one.data), id: one.id }))

/** Each photo as text, made once: the form is kept at every key that is pressed. */
const encoded = new WeakMap<Blob, Promise<string>>()

function dataOf(blob: Blob): Promise<string> {
  const made = encoded.get(blob) ?? encode(blob)
  encoded.set(blob, made)
  return made
}

function encode(blob: Blob): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => {
      done(String(reader.result))
    }
    reader.onerror = () => {
      failed(reader.error ?? new Error('the photo can not be read'))
    }
    reader.readAsDataURL(blob)
  })
}

function blobOf(data: string): Blob {
  const [head = '', body = ''] = data.split(',', 2)
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0))
  return new Blob([bytes], { type: /^data:([^;]+)/.exec(head)?.[1] ?? 'image/jpeg' })
}

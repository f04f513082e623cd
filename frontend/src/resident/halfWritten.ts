/**
 * What is half written on the inhabitant's page: in this tab and for a day, for the phone may be another's; sealed by a key that
 * the server gives to this browser while it is open. Whoever copies what lies there reads nothing. Without such a key nothing
 * is kept, and the page says so. Why: docs/decisions/0029-an-inhabitants-words-are-sealed-to-the-browser-that-is-open.md.
 */

import { ref } from 'vue'
import { clock } from '@/shared/clock'
import { boxed, canSeal, CIPHER, IV_BYTES, unboxed } from '@/shared/keeper/sealing'
import type { Draft } from '@/shared/photo'
import { api } from './calls'

const LASTS_MS = 24 * 3_600_000
const MOST_CHARS = 3_300_000 // a tab's store holds some five million, and sealed it is a third longer; words come before photos
const KEY_LASTS_MS = 3_600_000 // then it is asked for again: a tab may be open for longer than the server knows its key
const ASK_AGAIN_MS = 5_000

/** False where what is written ends with the page: no sealed line, no key, or no room. */
export const keeps = ref(true)

/** A form's fields as they were left in this tab. `lost`: so many photos were too large to keep. */
export interface HalfWritten<T> {
  fields: T
  photos: { key: string; data: string; id: string | null }[]
  lost: number
}

/** What lies there. In clear: since when (server's ms). */
interface Lying {
  at: number
  sealed: string
}

let own: { key: CryptoKey; at: number } | null = null
let asking: Promise<CryptoKey | null> | null = null
let askedInVain = -Infinity

function ownKey(): Promise<CryptoKey | null> {
  const now = clock.lived()
  if ((own && now - own.at < KEY_LASTS_MS) || now - askedInVain < ASK_AGAIN_MS) return Promise.resolve(own?.key ?? null)
  return (asking ??= ask().finally(() => (asking = null)))
}

async function ask(): Promise<CryptoKey | null> {
  if (!canSeal()) return null
  try {
    const told = await inTurn(() => api.pageKey())
    const key = await crypto.subtle.importKey('raw', fromBase64(told.key), CIPHER, false, ['encrypt', 'decrypt'])
    own = { key, at: clock.lived() }
  } catch {
    askedInVain = clock.lived() // without a network, the former one is as good until then
  }
  return own?.key ?? null
}

/** Two tabs that ask at once would be given two cookies, and the browser keeps one. */
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks as LockManager | undefined
  return locks ? (locks.request('relay60.resident.key', run) as Promise<T>) : run()
}

/** The newest turn of each name, and up to which one all is forgotten. */
const turns = new Map<string, number>()
const forgotten = new Map<string, number>()
let saving: Promise<void> = Promise.resolve()

/** Keeps a form as it is now. Resolves when it lies there, when something newer will, or when it can't: then `keeps` is false. */
export function keepHalfWritten(name: string, fields: object, photos: readonly Draft[] = [], now = clock.now()): Promise<void> {
  const turn = (turns.get(name) ?? 0) + 1
  turns.set(name, turn)
  saving = saving.then(async () => {
    if (turns.get(name) !== turn) return
    keeps.value = await save(name, turn, fields, photos, now).catch(() => false) // a photo that can't be read any more
  })
  return saving
}

async function save(name: string, turn: number, fields: object, photos: readonly Draft[], at: number): Promise<boolean> {
  const key = await ownKey()
  if (!key) return false
  const kept: HalfWritten<object> = { fields, photos: [], lost: 0 }
  let room = MOST_CHARS
  for (const one of photos) {
    const data = await dataOf(one.blob)
    if (data.length > room) kept.lost += 1
    else {
      room -= data.length
      kept.photos.push({ key: one.key, data, id: one.id })
    }
  }
  for (const what of [kept, { ...kept, photos: [], lost: photos.length }]) {
    const lying: Lying = { at, sealed: await seal(key, what, name, at) }
    if ((forgotten.get(name) ?? 0) >= turn) return true
    try {
      sessionStorage.setItem(name, JSON.stringify(lying))
      return true
    } catch {
      // full: again without the photos
    }
  }
  return false
}

/**
 * A form's fields as they were left, or null: none, too old, or sealed by a key that is no more. Undefined: something lies
 * there and the key can't be had now; whoever keeps under that name asks again first, or it would be written over unread.
 */
export async function halfWritten<T>(name: string, now = clock.now()): Promise<HalfWritten<T> | null | undefined> {
  const found = lies(name)
  if (!found) {
    void ownKey() // had before it is needed: what is typed is kept though the door is shut by then
    return null
  }
  if (now - found.at > LASTS_MS) {
    forgetHalfWritten(name)
    return null
  }
  if ('fields' in found) {
    forgetHalfWritten(name) // an earlier release left it in clear: its form keeps it again, sealed
    return found as unknown as HalfWritten<T>
  }
  const key = await ownKey()
  if (!key) return undefined
  try {
    return (await unseal(key, found, name)) as HalfWritten<T>
  } catch {
    forgetHalfWritten(name)
    return null
  }
}

export function forgetHalfWritten(name: string): void {
  forgotten.set(name, turns.get(name) ?? 0)
  turns.set(name, (turns.get(name) ?? 0) + 1)
  try {
    sessionStorage.removeItem(name)
  } catch {
    // nothing was kept
  }
}

function lies(name: string): Lying | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(name) ?? 'null') as Partial<Lying> & { fields?: unknown }
    return typeof found.at === 'number' && (typeof found.sealed === 'string' || typeof found.fields === 'object') ? (found as Lying) : null
  } catch {
    return null
  }
}

/** Photos as they were chosen. */
export const draftsOf = (kept: HalfWritten<unknown>): Draft[] => kept.photos.map((one) => ({ key: one.key, blob: blobOf(one.data), id: one.id }))

/** Bound to its form and its instant: put elsewhere, or made younger, it does not open. */
const bound = (name: string, at: number): string => `${name}\n${String(at)}`

async function seal(key: CryptoKey, what: unknown, name: string, at: number): Promise<string> {
  const { iv, box } = await boxed(key, new TextEncoder().encode(JSON.stringify(what)), bound(name, at))
  const whole = new Uint8Array(IV_BYTES + box.length)
  whole.set(iv)
  whole.set(box, IV_BYTES)
  return toBase64(whole)
}

async function unseal(key: CryptoKey, { at, sealed }: Lying, name: string): Promise<unknown> {
  const bytes = fromBase64(sealed)
  const parts = { iv: bytes.subarray(0, IV_BYTES), box: bytes.subarray(IV_BYTES) }
  return JSON.parse(new TextDecoder().decode(await unboxed(key, parts, bound(name, at))))
}

const CHUNK = 0x8000 // arguments of one call
function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let from = 0; from < bytes.length; from += CHUNK) text += String.fromCharCode(...bytes.subarray(from, from + CHUNK))
  return btoa(text)
}
const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))

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
  return new Blob([fromBase64(body)], { type: /^data:([^;]+)/.exec(head)?.[1] ?? 'image/jpeg' })
}

/**
 * The last list that this phone knew, to open with when there is no network. As little as makes sense of a list: cards, which
 * name nobody and hold no free text, and none of a sensitive item. Gone at sign-out, with a lost session and after a day.
 */

import type { OwnReport, Reference, Session } from '@/api/calls'
import type { ServerClock } from '@/shared/clock'
import type { OrderCard } from '@/api/cards'

export interface Kept {
  session: Session
  /** Server's ms: up to when it was known to be true. */
  at: number
  /** How far the phone's clock was behind the server's then, in ms: many a phone is wrong, and stays wrong. */
  skew?: number
  reference: Reference
  orders: { id: string; version: number; card: OrderCard }[]
  own: OwnReport[]
}

const DATABASE = 'relay60-last'
const STORE = 'last'
const ONE = 'phone'
export const LONGEST_MS = 24 * 3_600_000

/** Without the sensitive: a phone may be lost. */
export function least(all: Kept): Kept {
  const sensitive = new Set(all.reference.catalogue.filter((item) => item.sensitive).map((item) => item.code))
  return {
    ...all,
    session: { ...all.session, username: '' }, // half of what it takes to sign in
    orders: all.orders.filter((one) => !sensitive.has(one.card.item)),
    own: all.own.filter((one) => !sensitive.has(one.item)),
  }
}

function inStore<T>(mode: IDBTransactionMode, run: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE)
    asked.onerror = () => {
      reject(asked.error ?? new Error('IndexedDB'))
    }
    asked.onsuccess = () => {
      const database = asked.result
      const transaction = database.transaction(STORE, mode)
      const request = run(transaction.objectStore(STORE))
      transaction.oncomplete = () => {
        database.close()
        resolve(request.result)
      }
      transaction.onabort = transaction.onerror = () => {
        database.close()
        reject(transaction.error ?? new Error('IndexedDB'))
      }
    }
  })
}

/** Keeps the list in place of the one before. A browser that keeps nothing opens with nothing. */
export async function keepLast(all: Kept): Promise<void> {
  // A plain copy: what a store hands out may be a proxy, which no database takes.
  await inStore('readwrite', (store) => store.put(JSON.parse(JSON.stringify(least(all))), ONE)).catch(() => undefined)
}

/** The list, unless there is none or it is too old to be of use. `clock` learns how wrong this phone's was. */
export async function readLast(clock: ServerClock): Promise<Kept | null> {
  try {
    const found = await inStore<Kept | undefined>('readonly', (store) => store.get(ONE) as IDBRequest<Kept | undefined>)
    if (!found) return null
    clock.assume(found.skew ?? 0)
    if (Math.abs(clock.now() - found.at) <= LONGEST_MS) return found
    await forgetLast()
  } catch {
    // this browser keeps nothing
  }
  return null
}

export async function forgetLast(): Promise<void> {
  await inStore('readwrite', (store) => store.clear()).catch(() => undefined)
}

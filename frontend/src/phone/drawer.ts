/** Where the outbox lies between a person's act and the server's answer: IndexedDB, which keeps photos and outlives a crash. */

import type { SealedParcel } from '@/shared/keeper/parcel'
import type { Draft } from '@/shared/photo'

export type Call = 'report' | 'issue' | 'order'

export interface Entry {
  /** Idempotency-Key: the same at each sending. */
  key: string
  /** Order of sending. */
  no: number
  person: string
  call: Call
  /** The object it is about; for a report that isn't there yet: the report's own key. */
  about: string
  verb: string
  body: Record<string, unknown>
  photos: Draft[]
  /** PDF and Office documents; what an earlier release kept has none. */
  files?: Draft[]
  /** The version the person saw; null where the call needs none, or where an earlier entry decides it. */
  version: number | null
  madeAt: number
  /** It may have reached the server, heard or not: nobody can take it back here any more. */
  tried?: true
  /** Photos and files found no room: they are in the page that made this, and in no other. */
  bare?: true
  /** Why the server would not have it. It stays until the person has read that: what was written is not lost. */
  refused?: string
  /** Body, photos, files and refusal as they lie on the phone. */
  sealed?: SealedParcel
  /** They can't be read yet: the server has not given the key since this page was opened. */
  shut?: true
}

/** What the person wrote in it; nobody can make that anew. */
export function wordsOf({ body }: Entry): string {
  const words = body.text ?? body.answer
  return typeof words === 'string' ? words.trim() : ''
}

/** Whether it holds words, photos or documents: then it is never dropped unseen. */
export const isWritten = (entry: Entry): boolean =>
  entry.shut === true || wordsOf(entry) !== '' || entry.photos.length > 0 || (entry.files ?? []).length > 0

export interface Drawer {
  all(): Promise<Entry[]>
  put(entry: Entry): Promise<void>
  remove(key: string): Promise<void>
}

const DATABASE = 'relay60'
const STORE = 'outbox'
const PATIENCE_MS = 10_000
/** What an earlier release kept orders' steps in. */
const OLD_KEY = 'relay60.outbox'

function settled<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => {
      resolve(asked.result)
    }
    asked.onerror = () => {
      reject(asked.error ?? new Error('IndexedDB'))
    }
  })
}

/** As `work` ends, unless it takes longer than a thumb waits: some browsers leave a database's first opening unanswered. */
function patiently<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => {
      reject(new Error('IndexedDB does not answer'))
    }, PATIENCE_MS)
    work.then(resolve, reject)
  })
}

/**
 * The browser's drawer. Rejects where the browser has none, as in some private windows.
 *
 * lost   called when the browser has thrown away what lay in it, with room for what is still known
 */
export async function openDrawer(lost: () => void = () => undefined): Promise<Drawer> {
  let database: Promise<IDBDatabase> | null = null

  function connected(): Promise<IDBDatabase> {
    if (database) return database
    const asked = indexedDB.open(DATABASE, 1)
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'key' })
    const connecting = patiently(settled(asked)).then((opened) => {
      opened.onclose = () => {
        database = null
        lost()
      }
      return opened
    })
    connecting.catch(() => (database = null))
    return (database = connecting)
  }
  await connected()

  /** Runs in one transaction; resolves when it is on the disk, not before. */
  async function inStore<T>(mode: IDBTransactionMode, run: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const transaction = (await connected()).transaction(STORE, mode, { durability: 'strict' })
    return patiently(
      new Promise((resolve, reject) => {
        const request = run(transaction.objectStore(STORE))
        transaction.oncomplete = () => {
          resolve(request.result)
        }
        transaction.onabort = transaction.onerror = () => {
          reject(transaction.error ?? new Error('IndexedDB'))
        }
      }),
    )
  }

  return {
    async all() {
      const entries = await inStore<Entry[]>('readonly', (store) => store.getAll() as IDBRequest<Entry[]>)
      return entries.sort((a, b) => a.no - b.no)
    },
    async put(entry) {
      await inStore('readwrite', (store) => store.put(entry))
    },
    async remove(key) {
      await inStore('readwrite', (store) => store.delete(key))
    },
  }
}

/** A drawer that ends with the page. */
export function memoryDrawer(kept = new Map<string, Entry>()): Drawer {
  return {
    all: () => Promise.resolve([...kept.values()].sort((a, b) => a.no - b.no)),
    put: (entry) => Promise.resolve(void kept.set(entry.key, entry)),
    remove: (key) => Promise.resolve(void kept.delete(key)),
  }
}

/** Steps that an earlier release left in localStorage, taken over once. */
export async function takeOver(drawer: Drawer): Promise<void> {
  const text = localStorage.getItem(OLD_KEY)
  if (text === null) return
  try {
    const old = JSON.parse(text) as (Omit<Entry, 'call' | 'about' | 'photos' | 'no'> & { order: string })[]
    for (const [index, { order, ...entry }] of old.entries()) {
      await drawer.put({ ...entry, call: 'order', about: order, photos: [], no: entry.madeAt + index })
    }
  } catch {
    // not ours, or half written: nothing that could be sent
  }
  localStorage.removeItem(OLD_KEY)
}

/** Where sealed work lies on a device: IndexedDB, which keeps files and outlives a crash. It holds nothing that anybody can read. */

import type { PublicHalf, Sealed } from './sealing'
import type { SealedFile } from './parcel'

/** One piece of work. What is not sealed says only whose it is, since when, and which page wrote it. */
export interface Piece {
  id: string
  person: string
  page: string
  /** Server's ms. */
  at: number
  /** Null: its time was over, and its owner has not been told yet. */
  words: Sealed | null
}

export interface Owner extends PublicHalf {
  person: string
}

export interface Shelf {
  pieces(): Promise<Piece[]>
  /** Puts a piece in its place, and files of it that do not lie here yet. */
  put(piece: Piece, files?: readonly SealedFile[]): Promise<void>
  filesOf(id: string): Promise<SealedFile[]>
  /** Removes a piece, its files with it. */
  remove(id: string): Promise<void>
  owner(person: string): Promise<Owner | null>
  putOwner(owner: Owner): Promise<void>
}

const DATABASE = 'relay60-work'
const PATIENCE_MS = 10_000
const ofPiece = (id: string): IDBKeyRange => IDBKeyRange.bound([id], [id, []]) // a list sorts behind every text

function within<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => {
      reject(new Error('IndexedDB does not answer'))
    }, PATIENCE_MS)
    work.then(resolve, reject)
  })
}

/** The browser's shelf. Rejects where the browser has none, as in some private windows. */
export async function openShelf(): Promise<Shelf> {
  const database = await within(
    new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open(DATABASE, 1)
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore('pieces', { keyPath: 'id' })
        asked.result.createObjectStore('owners', { keyPath: 'person' })
        asked.result.createObjectStore('files', { keyPath: ['piece', 'key'] })
      }
      asked.onsuccess = () => {
        resolve(asked.result)
      }
      asked.onerror = () => {
        reject(asked.error ?? new Error('IndexedDB'))
      }
    }),
  )

  const STORES = ['pieces', 'owners', 'files'] as const
  type Stores = (name: (typeof STORES)[number]) => IDBObjectStore

  /** One transaction over all stores; resolves with what the request answered, when all is done. */
  function inStores<T>(mode: IDBTransactionMode, run: (stores: Stores) => IDBRequest): Promise<T> {
    const transaction = database.transaction(STORES, mode)
    return within(
      new Promise((resolve, reject) => {
        const request = run((name) => transaction.objectStore(name))
        transaction.oncomplete = () => {
          resolve(request.result as T)
        }
        transaction.onabort = transaction.onerror = () => {
          reject(transaction.error ?? new Error('IndexedDB'))
        }
      }),
    )
  }

  return {
    pieces: () => inStores<Piece[]>('readonly', (of) => of('pieces').getAll()),
    put: (piece, files = []) =>
      inStores('readwrite', (of) => {
        for (const one of files) of('files').put({ ...one, piece: piece.id })
        return of('pieces').put(piece)
      }),
    filesOf: (id) => inStores<SealedFile[]>('readonly', (of) => of('files').getAll(ofPiece(id))),
    remove: (id) =>
      inStores('readwrite', (of) => {
        of('files').delete(ofPiece(id))
        return of('pieces').delete(id)
      }),
    owner: async (person) => (await inStores<Owner | undefined>('readonly', (of) => of('owners').get(person))) ?? null,
    putOwner: (owner) => inStores('readwrite', (of) => of('owners').put(owner)),
  }
}

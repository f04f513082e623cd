/** A shelf in memory that takes what IndexedDB takes, and a key as the server gives it. */

import type { SealedFile } from '@/shared/keeper/parcel'
import type { Secret } from '@/shared/keeper/sealing'
import type { Owner, Piece, Shelf } from '@/shared/keeper/shelf'

export interface Lying {
  pieces: Map<string, Piece>
  files: Map<string, SealedFile[]>
  owners: Map<string, Owner>
}

export const lying = (): Lying => ({ pieces: new Map(), files: new Map(), owners: new Map() })

export function memoryShelf({ pieces, files, owners }: Lying): Shelf {
  return {
    pieces: () => Promise.resolve(structuredClone([...pieces.values()])),
    put(piece, fresh = []) {
      pieces.set(piece.id, structuredClone(piece))
      files.set(piece.id, [...(files.get(piece.id) ?? []), ...structuredClone([...fresh])])
      return Promise.resolve()
    },
    filesOf: (id) => Promise.resolve(structuredClone(files.get(id) ?? [])),
    remove(id) {
      pieces.delete(id)
      files.delete(id)
      return Promise.resolve()
    },
    owner: (person) => Promise.resolve(owners.get(person) ?? null),
    putOwner: (owner) => Promise.resolve(void owners.set(owner.person, owner)),
  }
}

/** A person's key. */
export async function someKey(): Promise<Secret> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  return { x, y, d }
}

/** All that lies there, as whoever copies the profile reads it. */
export const everyByte = ({ pieces, files, owners }: Lying): string =>
  [...pieces.values(), ...[...files.values()].flat(), ...owners.values()].map(bytesOf).join('\n')

function bytesOf(value: unknown): string {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  if (typeof value === 'object' && value !== null) return Object.values(value).map(bytesOf).join('\n')
  return String(value)
}

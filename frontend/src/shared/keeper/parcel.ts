/** What a form holds as text and files: words by JSON, photos and documents each by itself, so that a key pressed seals no photo anew. */

import { seal, unseal } from './sealing'
import type { Sealed } from './sealing'

/** A photo or a document, by the key of its draft. */
export interface SealedFile {
  key: string
  file: Sealed
}

export interface SealedParcel {
  words: Sealed
  files: SealedFile[]
}

interface Mark {
  $file: string
  type: string
  name: string | null
}

const isMark = (value: unknown): value is Mark => typeof value === 'object' && value !== null && '$file' in value

/** Splits `value`; wherever a draft stands in it, its file is taken out. */
export function split(value: unknown): { text: string; files: Map<string, Blob> } {
  const files = new Map<string, Blob>()
  const text = JSON.stringify(value, function (this: Record<string, unknown>, name: string, inner: unknown): unknown {
    if (!(inner instanceof Blob)) return inner
    const key = String(this.key ?? name)
    files.set(key, inner)
    return { $file: key, type: inner.type, name: inner instanceof File ? inner.name : null } satisfies Mark
  })
  return { text, files }
}

/** Puts together what was split. A file that is missing leaves its draft out. */
export function join(text: string, files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): unknown {
  const without = new WeakSet()
  return JSON.parse(text, function (this: unknown, _, value: unknown): unknown {
    if (Array.isArray(value)) return value.filter((one) => typeof one !== 'object' || one === null || !without.has(one))
    if (!isMark(value)) return value
    const bytes = files.get(value.$file)
    if (!bytes) {
      if (typeof this === 'object' && this !== null) without.add(this)
      return null
    }
    return value.name === null ? new Blob([bytes], { type: value.type }) : new File([bytes], value.name, { type: value.type })
  })
}

/**
 * Seals a value to a person.
 *
 * known   files that are sealed already, by their keys
 */
export async function sealParcel(to: CryptoKey, value: unknown, place: string, known: ReadonlyMap<string, Sealed> = new Map()): Promise<SealedParcel> {
  const { text, files } = split(value)
  const sealed: SealedFile[] = []
  for (const [key, blob] of files) {
    const file = known.get(key) ?? (await seal(to, new Uint8Array(await blob.arrayBuffer()), key))
    sealed.push({ key, file })
  }
  return { words: await seal(to, new TextEncoder().encode(text), place), files: sealed }
}

/** The value again. Rejects for what is not this person's. */
export async function openParcel(by: CryptoKey, { words, files }: SealedParcel, place: string): Promise<unknown> {
  const opened = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const { key, file } of files) {
    const bytes = await unseal(by, file, key).catch(() => null)
    if (bytes) opened.set(key, bytes)
  }
  return join(new TextDecoder().decode(await unseal(by, words, place)), opened)
}

/** The outbox's drawer, sealed: what lies on the phone tells which steps wait, and nothing that was entered in them. */

import { openParcel, sealParcel } from '@/shared/keeper/parcel'
import type { SealedParcel } from '@/shared/keeper/parcel'
import type { Sealed } from '@/shared/keeper/sealing'
import type { Drawer, Entry } from './drawer'

/** What seals, and once the server has given the key, opens. */
export interface Keys {
  person: string | null
  sealer(): CryptoKey | null
  opener(): CryptoKey | null
}

const holdsAnything = ({ body, photos, files }: Entry): boolean =>
  Object.keys(body).length + photos.length + (files ?? []).length > 0

/**
 * A drawer in which all that a person entered lies sealed to that person: only which step it is, and of what, does not. What
 * an earlier release laid in open is sealed when it is found. Putting rejects while there is nothing to seal with.
 */
export function sealedDrawer(inner: Drawer, keys: Keys): Drawer {
  const files = new Map<string, Sealed>()
  const lying = new Map<string, SealedParcel>()

  async function read(entry: Entry): Promise<Entry> {
    const { sealed, ...open } = entry
    if (!sealed) {
      if (open.person === keys.person && holdsAnything(open)) await put(open).catch(() => undefined)
      return open
    }
    lying.set(open.key, sealed)
    const opener = keys.opener()
    if (open.person !== keys.person || !opener) return { ...open, shut: true }
    try {
      const inside = (await openParcel(opener, sealed, open.key)) as Pick<Entry, 'body' | 'photos' | 'files' | 'refused'>
      for (const { key, file } of sealed.files) files.set(key, file)
      return { ...open, ...inside }
    } catch {
      return { ...open, shut: true }
    }
  }

  async function put(entry: Entry): Promise<void> {
    const { shut, ...plain } = entry
    if (shut) return inner.put({ ...plain, sealed: lying.get(entry.key) })
    if (!holdsAnything(entry) || entry.person !== keys.person) return inner.put(plain)
    const sealer = keys.sealer()
    if (!sealer) throw new Error('nothing to seal with')
    const { body, photos, files: documents = [], refused } = entry
    const sealed = await sealParcel(sealer, { body, photos, files: documents, refused }, entry.key, files)
    for (const { key, file } of sealed.files) files.set(key, file)
    lying.set(entry.key, sealed)
    await inner.put({ ...plain, body: {}, photos: [], files: [], ...(refused !== undefined && { refused: '' }), sealed })
  }

  return {
    all: async () => Promise.all((await inner.all()).map(read)),
    put,
    remove: (key) => {
      lying.delete(key)
      return inner.remove(key)
    },
  }
}

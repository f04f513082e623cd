/** Photos on their way: made small enough for a bad network, kept until they are sent, each sent once. */

import { newUuid } from './uuid'

export const MOST_PHOTOS = 9
const LONGEST_EDGE = 2_048
const QUALITY = 0.82
const SMALL_BYTES = 1_500_000 // below this a photo goes as it is, its own position in it
const MOST_BYTES = 20_000_000 // the server's limit

/** A photo chosen but not yet with the server. `id` is the server's, once it has it. */
export interface Draft {
  key: string
  blob: Blob
  id: string | null
}

export class NotAPhoto extends Error {}

/** Size of a picture of `width` × `height` whose longest edge is at most `most`. */
export function fitted(width: number, height: number, most = LONGEST_EDGE): { width: number; height: number } {
  const scale = Math.min(1, most / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** A file as it will be sent. Throws NotAPhoto for what no browser draws and no server takes. */
export async function draftOf(file: Blob): Promise<Draft> {
  const blob = file.size <= SMALL_BYTES ? file : await shrunk(file)
  if (blob.size > MOST_BYTES || !blob.type.startsWith('image/')) throw new NotAPhoto()
  return { key: newUuid(), blob, id: null }
}

async function shrunk(file: Blob): Promise<Blob> {
  let picture: ImageBitmap
  try {
    picture = await createImageBitmap(file)
  } catch {
    return file // HEIC, perhaps: the server may read what this browser can't
  }
  const canvas = document.createElement('canvas')
  Object.assign(canvas, fitted(picture.width, picture.height))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  const small = await new Promise<Blob | null>((done) => {
    canvas.toBlob(done, 'image/jpeg', QUALITY)
  })
  return small && small.size < file.size ? small : file
}

/** What a unit may hand in beside photos; the server looks into the file itself. */
export const DOCUMENTS = '.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx'
export const MOST_FILES = 5

/** A document as it will be sent, untouched. Throws NotAPhoto for what no server takes. */
export function documentOf(file: File): Draft {
  const ending = /\.[^.]+$/.exec(file.name)?.[0].toLowerCase() ?? ''
  if (file.size > MOST_BYTES || !DOCUMENTS.split(',').includes(ending)) throw new NotAPhoto()
  return { key: newUuid(), blob: file, id: null }
}

/** The form a photo or a document travels in. */
export function formOf(blob: Blob): FormData {
  const form = new FormData()
  form.append('file', blob, 'file') // its own name stays here: it may name people
  return form
}

/** Sends what the server doesn't have yet, one after the other; `sent` is told of each, so that none goes twice. */
export async function sendAll(
  drafts: readonly Draft[],
  send: (draft: Draft) => Promise<string>,
  sent: (draft: Draft, id: string) => void | Promise<void> = () => undefined,
): Promise<string[]> {
  const ids: string[] = []
  for (const draft of drafts) {
    if (draft.id === null) {
      draft.id = await send(draft)
      await sent(draft, draft.id)
    }
    ids.push(draft.id)
  }
  return ids
}

/** False for a photo whose file the phone has moved or removed since it was chosen: no network will ever take it. */
export const isReadable = (blob: Blob): Promise<boolean> =>
  blob
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    )

/**
 * The one keeper of half-written work: each form's, per person, sealed on the device. It survives reload, crash, the end of
 * the session and a release; is offered again when its writer comes back, and gone once it was sent.
 * Why it is so: docs/decisions/0021-half-written-work-is-sealed-to-its-writer.md.
 */

import { defineStore } from 'pinia'
import { ref, shallowReactive, shallowRef } from 'vue'
import { api } from '@/api/calls'
import { clock } from '../clock'
import { holdRelease } from '../release'
import { newUuid } from '../uuid'
import { takeEarlier } from './earlier'
import { openParcel, sealParcel } from './parcel'
import { thisPage, whenGone } from './pages'
import { canSeal, publicKey, secretKey } from './sealing'
import type { Sealed } from './sealing'
import { openShelf } from './shelf'
import type { Piece, Shelf } from './shelf'

/** What a form holds. */
export interface Work {
  /** Which form it is: the same name, the same form. */
  name: string
  /** How it is offered again: the form and its item or number, never what somebody typed. */
  title: string
  /** What the screen needs to open the form again. */
  where: Record<string, unknown>
  fields: Record<string, unknown>
  /** Idempotency-Key of the next sending, and whether it may have been carried out already. */
  key: string
  open: boolean
}

export interface KeptWork extends Work {
  id: string
  /** Server's ms of the last change. */
  at: number
}

const DAY_MS = 86_400_000

export const useKeeper = defineStore('keeper', () => {
  const person = ref<string | null>(null)
  /** What lies on this device can be read: the server has given the key. */
  const readable = ref(false)
  /** False where what is written ends with the page: the browser can't seal, or keeps nothing. */
  const lasting = ref(true)
  const held = shallowReactive(new Map<string, KeptWork>())
  /** Left by an earlier page, and not opened yet; the newest first. */
  const offers = shallowRef<KeptWork[]>([])
  /** Titles of what was kept for too long and is gone; null: even that is not known. */
  const expired = shallowRef<(string | null)[]>([])
  const keptDays = ref(0)
  let page = ''
  let shelf: Shelf | null = null
  let seals: CryptoKey | null = null
  let opens: CryptoKey | null = null
  let opening: Promise<void> | null = null
  /** Files that lie sealed on the shelf, by their drafts' keys. */
  const files = new Map<string, Sealed>()
  const dirty = new Set<string>()
  let writing: Promise<void> | null = null

  /** Begins for this person; of another one nothing stays in this page. Without a network: it seals, and reads nothing. */
  async function begin(personId: string, given?: Shelf): Promise<void> {
    if (person.value === personId) return
    person.value = personId
    readable.value = false
    seals = opens = null
    held.clear()
    files.clear()
    offers.value = []
    expired.value = []
    page ||= thisPage()
    lasting.value = false
    if (!canSeal()) return
    try {
      shelf ??= given ?? (await openShelf())
      const owner = await shelf.owner(personId)
      if (owner) seals = await publicKey(owner)
      lasting.value = seals !== null
    } catch {
      shelf = null
    }
  }

  /** Asks the server for the key and reads what lies here. Raises what the server, or its absence, says. */
  function unlock(): Promise<void> {
    if (readable.value) return Promise.resolve()
    return (opening ??= read().finally(() => (opening = null)))
  }

  async function open(personId: string, given?: Shelf): Promise<void> {
    await begin(personId, given)
    await unlock()
  }

  async function read(): Promise<void> {
    const me = person.value
    if (me === null) return
    const told = await api.draftKey()
    if (me !== person.value) return
    keptDays.value = told.kept_days
    if (shelf) {
      try {
        opens = await secretKey(told)
        seals = await publicKey(told)
        await shelf.putOwner({ person: me, x: told.x, y: told.y })
        lasting.value = true
        const pieces = await expire(await shelf.pieces())
        const pages = new Set(pieces.filter((one) => one.person === me && one.page !== page).map((one) => one.page))
        for (const gone of pages) await whenGone(gone, () => adopt(gone))
      } catch {
        lasting.value = false
      }
    }
    for (const work of takeEarlier(me)) if (!take(work.name)) keep(work)
    readable.value = true
    for (const one of held.values()) later(one.id) // what was written before this browser could seal
  }

  /** Removes what is too old; of another person's nothing stays but that there was something, for that person to be told. */
  async function expire(pieces: readonly Piece[]): Promise<Piece[]> {
    const before = clock.now() - keptDays.value * DAY_MS
    const left: Piece[] = []
    for (const one of pieces) {
      const mine = one.person === person.value
      if (one.words !== null && one.at >= before) left.push(one)
      else if (mine) {
        const work = await opened(one)
        expired.value = [...expired.value, work?.title ?? null]
        await shelf?.remove(one.id)
      } else if (one.words !== null) {
        await shelf?.remove(one.id)
        await shelf?.put({ ...one, words: null })
      }
    }
    return left
  }

  async function opened(piece: Piece): Promise<KeptWork | null> {
    if (!opens || !shelf || !piece.words) return null
    const lying = await shelf.filesOf(piece.id)
    try {
      const work = (await openParcel(opens, { words: piece.words, files: lying }, piece.id)) as Work
      for (const { key, file } of lying) files.set(key, file)
      return { ...work, id: piece.id, at: piece.at }
    } catch {
      return null // sealed to a key that is no more
    }
  }

  /** Takes over what a page that has gone left behind. Each piece is one page's at a time. */
  async function adopt(gone: string): Promise<void> {
    const me = person.value
    for (const piece of (await shelf?.pieces()) ?? []) {
      if (piece.page !== gone || piece.person !== me) continue
      const work = await opened(piece)
      if (me !== person.value) return
      if (!work) {
        expired.value = [...expired.value, null]
        await shelf?.remove(piece.id)
        continue
      }
      await shelf?.put({ ...piece, page })
      offers.value = [...offers.value, work].sort((a, b) => b.at - a.at)
    }
  }

  /** What stands in that form: from this page, or else left by an earlier one, and then offered no more. */
  function take(name: string): KeptWork | null {
    const mine = held.get(name)
    if (mine) return mine
    const left = offers.value.find((one) => one.name === name)
    if (!left) return null
    offers.value = offers.value.filter((one) => one !== left)
    held.set(name, left)
    return left
  }

  /** Makes an offer what stands in its form; what stands there now is offered in its place. */
  function takeUp(offer: KeptWork): void {
    const mine = held.get(offer.name)
    offers.value = [...offers.value.filter((one) => one !== offer), ...(mine ? [mine] : [])]
    held.set(offer.name, offer)
  }

  /** Keeps what a form holds, as it is now. */
  function keep(work: Work): void {
    const id = held.get(work.name)?.id ?? newUuid()
    held.set(work.name, { ...work, id, at: clock.now() })
    later(id)
  }

  /**
   * It was sent, or emptied: the form begins anew.
   *
   * after   what is to be safe elsewhere before it goes from here
   */
  function drop(name: string, after?: Promise<unknown>): void {
    const mine = held.get(name)
    if (!mine) return
    held.delete(name)
    if (!after) return later(mine.id)
    void after.finally(() => {
      later(mine.id)
    })
  }

  /** Gives an offer up. */
  function forget(offer: KeptWork): void {
    offers.value = offers.value.filter((one) => one !== offer)
    later(offer.id)
  }

  /** Gives up all that this person has half written here. */
  async function forgetAll(): Promise<void> {
    for (const one of [...offers.value]) forget(one)
    for (const name of [...held.keys()]) drop(name)
    await written()
  }

  function later(id: string): void {
    dirty.add(id)
    writing ??= writeAll().finally(() => (writing = null))
  }

  /** Resolves when all that was kept so far lies on the device, or can't. */
  async function written(): Promise<void> {
    while (writing) await writing
  }

  async function writeAll(): Promise<void> {
    for (let [id] = dirty; id !== undefined; [id] = dirty) {
      dirty.delete(id)
      try {
        await write(id)
      } catch {
        lasting.value = false // a full disk, or a browser that has closed its database
      }
    }
  }

  async function write(id: string): Promise<void> {
    const me = person.value
    if (!shelf || !seals || me === null) return
    const work = [...held.values(), ...offers.value].find((one) => one.id === id)
    if (!work) return shelf.remove(id)
    const { name, title, where, fields, key, open: unknown, at } = work
    const parcel = await sealParcel(seals, { name, title, where, fields, key, open: unknown }, id, files)
    if (me !== person.value) return
    await shelf.put({ id, person: me, page, at, words: parcel.words }, parcel.files.filter(({ key }) => !files.has(key)))
    for (const { key, file } of parcel.files) files.set(key, file)
  }

  // A page is not left for a newer one while something lives in it only.
  holdRelease(() => writing !== null || (!lasting.value && held.size > 0))

  return { person, readable, lasting, offers, expired, keptDays, begin, unlock, open, take, takeUp, keep, drop, forget, forgetAll, written, sealer: () => seals, opener: () => opens }
})

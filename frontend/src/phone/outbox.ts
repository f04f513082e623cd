/**
 * What this person did and the server hasn't answered yet. Kept in this browser until it is; sent again with the same key, so
 * that it happens once. Nothing here stops a clock: only the server's answer does.
 */

import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef } from 'vue'
import { api } from '@/api/calls'
import type { Answer, ReportBody } from '@/api/calls'
import { Refusal, Unreachable } from '@/api/client'
import { clock } from '@/shared/clock'
import { explain } from '@/shared/intent'
import { useKeeper } from '@/shared/keeper/keeper'
import { isReadable, sendAll } from '@/shared/photo'
import type { Draft } from '@/shared/photo'
import type { Versioned } from '@/shared/protocol'
import { SignedOut } from '@/shared/signedOut'
import { useSession } from '@/shared/stores/session'
import { newUuid } from '@/shared/uuid'
import { words } from '@/shared/words/phone'
import { isWritten, memoryDrawer, openDrawer, takeOver } from './drawer'
import type { Call, Drawer, Entry } from './drawer'
import { sealedDrawer } from './sealedDrawer'

export type { Entry } from './drawer'

export interface Step {
  call: Call
  /** The object; left out for a new report. */
  about?: string
  verb: string
  body?: Record<string, unknown>
  photos?: Draft[]
  files?: Draft[]
  version?: number | null
}

export interface Rejected {
  entry: Entry
  words: string
  /** Only a photo or a file was refused; the rest goes on. */
  photo: boolean
}

export interface Delivered {
  key: string
  verb: string
  issue: string
  number: string
}

const RETRY_MS = [1_000, 2_000, 5_000, 10_000, 20_000] as const
const OTHER_TAB_MS = 20_000 // whoever took it in sends it; should that tab be gone by then, another does
const CHANNEL = 'relay60.outbox'
/** Calls of which the server asks no version: rivals are told who was first. */
const UNVERSIONED: ReadonlySet<string> = new Set(['acknowledge', 'report', 'refer_emergency', 'message', 'progress'])
/** Written beside an object, as often as there is something to write. */
const BESIDE: ReadonlySet<string> = new Set(['message', 'progress'])

export const useOutbox = defineStore('outbox', () => {
  const keeper = useKeeper()
  const session = useSession()
  const entries = shallowRef<Entry[]>([])
  const rejected = shallowRef<Rejected[]>([])
  const delivered = shallowRef<Delivered[]>([])
  const sending = ref(false)
  const signedOut = ref(false)
  /** This browser keeps nothing at all. */
  const keepsNothing = ref(false)
  /** Keys of entries that found no room. */
  const unkept = reactive(new Set<string>())
  /** True when what waits is lost with the page. */
  const fragile = computed(() => keepsNothing.value || unkept.size > 0)
  const person = ref<string | null>(null)
  /** Versions that answers told, newer perhaps than what the store has drawn. */
  const told = new Map<string, number>()
  /** Entries whose photos and files were sent a second time. */
  const again = new Set<string>()
  let drawer: Drawer = memoryDrawer()
  let otherTabs: BroadcastChannel | null = null
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const mine = computed(() => entries.value.filter((entry) => entry.person === person.value))
  const of = (about: string): Entry[] => mine.value.filter((entry) => entry.about === about)
  const reports = computed(() => mine.value.filter((entry) => entry.call === 'report'))

  /** Begins to send for this person; another person's entries wait for that person. Nothing to do when it has begun. */
  async function open(personId: string, given?: Drawer): Promise<void> {
    if (person.value === personId) return
    person.value = personId
    window.addEventListener('online', () => {
      failures = 0
      void flush()
    })
    window.addEventListener('beforeunload', (event) => {
      if (fragile.value && mine.value.length) event.preventDefault()
    })
    try {
      drawer = given ?? sealedDrawer(await openDrawer(keepAgain), keeper)
      await takeOver(drawer)
      const all = await drawer.all()
      const kept = all.filter((entry) => entry.refused === undefined)
      rejected.value = all.flatMap((entry) =>
        entry.refused !== undefined && entry.person === personId ? [{ entry, words: entry.refused, photo: false }] : [],
      )
      entries.value = [...kept, ...entries.value.filter((entry) => !kept.some((one) => one.key === entry.key))]
    } catch {
      keepsNothing.value = true
    }
    listen()
    void flush()
  }

  /** Several tabs have one drawer: each knows what the others took in, and what is over. */
  function listen(): void {
    if (!('BroadcastChannel' in window)) return
    otherTabs = new BroadcastChannel(CHANNEL)
    otherTabs.onmessage = ({ data: gone }: MessageEvent<string | null>) => {
      entries.value = entries.value.filter((entry) => entry.key !== gone)
      void takeIn().catch(() => undefined)
    }
  }

  async function takeIn(): Promise<void> {
    const known = new Map(entries.value.map((entry) => [entry.key, entry]))
    const fresh: Entry[] = []
    for (const entry of await drawer.all()) {
      const { about, version, tried } = entry
      const mineAlready = known.get(entry.key)
      if (mineAlready) Object.assign(mineAlready, { about, version, tried: mineAlready.tried ?? tried })
      else if (entry.refused === undefined && !entry.bare) fresh.push(entry)
    }
    if (!fresh.length) return
    entries.value = [...entries.value, ...fresh].sort((a, b) => a.no - b.no)
    if (!sending.value) later(OTHER_TAB_MS)
  }

  async function keep(entry: Entry): Promise<void> {
    try {
      await drawer.put(entry)
      unkept.delete(entry.key)
    } catch {
      unkept.add(entry.key)
      // A full phone: the words, at least, outlive a crash.
      await drawer.put({ ...entry, photos: [], files: [], bare: true }).catch(() => undefined)
    }
    otherTabs?.postMessage(null)
  }

  /** The browser made room by throwing the drawer's contents away: what is on this page is laid in anew. */
  function keepAgain(): void {
    for (const entry of entries.value) void keep(entry)
  }

  /** Takes one step in. Resolves with its key when it is kept; null when the same step waits already. */
  async function add(step: Step): Promise<string | null> {
    const key = newUuid()
    const about = step.about ?? key
    if (person.value === null || (!BESIDE.has(step.verb) && of(about).some((entry) => entry.verb === step.verb))) return null
    const entry: Entry = {
      key,
      no: Math.max(clock.now(), (entries.value[entries.value.length - 1]?.no ?? 0) + 1),
      person: person.value,
      call: step.call,
      about,
      verb: step.verb,
      body: step.body ?? {},
      photos: step.photos ?? [],
      files: step.files ?? [],
      version: UNVERSIONED.has(step.verb) ? null : (step.version ?? null),
      madeAt: clock.now(),
    }
    entries.value = [...entries.value, entry]
    await keep(entry)
    void flush()
    return key
  }

  function later(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), ms)
  }

  /** What goes next: each object's steps in their order, and no acknowledgment waits behind somebody's photos. */
  function next(stuck: ReadonlySet<string>): Entry | undefined {
    const seen = new Set(stuck)
    const firsts = mine.value.filter((entry) => !seen.has(entry.about) && seen.add(entry.about))
    return firsts.find((entry) => [...entry.photos, ...(entry.files ?? [])].every((draft) => draft.id !== null)) ?? firsts[0]
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    if (sending.value) return
    sending.value = true
    /** Objects of which the server can't take a step now: the others' go on. */
    const stuck = new Set<string>()
    try {
      if (mine.value.length) await sureWho()
      await openShut()
      for (let entry = next(stuck); entry; entry = next(stuck)) {
        try {
          await send(entry)
          failures = 0
        } catch (error) {
          if (!(error instanceof Unreachable && error.status === 500)) throw error
          stuck.add(entry.about)
        }
      }
      if (stuck.size) throw new Unreachable('refused by a fault', 500)
    } catch (error) {
      signedOut.value = error instanceof SignedOut
      if (!(error instanceof Unreachable) && !(error instanceof SignedOut)) throw error
      later(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? OTHER_TAB_MS)
      failures += 1
    } finally {
      sending.value = false
    }
  }

  /** The browser's session may have ended, or become another's in another tab: what one person did is never sent as another's. */
  async function sureWho(): Promise<void> {
    const told = await api.session()
    if (told?.person.id !== person.value) throw new SignedOut('another session')
    session.returned(told)
    signedOut.value = false
  }

  /** What was laid in by a page of before is read once the server has given the key. Raises what it says. */
  async function openShut(): Promise<void> {
    const shut = [...mine.value, ...rejected.value.map((one) => one.entry)].filter((entry) => entry.shut)
    if (!shut.length) return
    await keeper.unlock()
    const opened = new Map((await drawer.all()).filter((entry) => !entry.shut).map((entry) => [entry.key, entry]))
    for (const entry of shut) {
      const now = opened.get(entry.key)
      if (now) {
        const { body, photos, files, refused } = now
        Object.assign(entry, { body, photos, files, refused, shut: undefined })
      } else if (entry.refused === undefined) await setAside(entry, words.unopenable)
    }
    entries.value = [...entries.value]
    rejected.value = rejected.value.map((one) => ({ ...one, words: one.words || (one.entry.refused ?? '') }))
  }

  async function send(entry: Entry): Promise<void> {
    if (!entry.tried) {
      entry.tried = true
      entries.value = [...entries.value]
      await keep(entry)
    }
    try {
      const photos = await sendParts(entry, 'photos')
      const files = await sendParts(entry, 'files')
      const answer = await call(entry, { ...entry.body, ...(photos.length && { photos }), ...(files.length && { files }) })
      told.set(answer.object.id, answer.version)
      await follow(entry, answer)
      await drop(entry)
      note(entry, answer)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error.problem.code === 'photo.unknown' && (await partsAgain(entry))) return
      await refuse(entry, explain(error.problem))
    }
  }

  /**
   * The server would not have it. What a person wrote behind it is another matter: it is tried by itself, unless it was about
   * a report that there is not. A step without words was built on this one, and goes with it.
   */
  async function refuse(entry: Entry, why: string): Promise<void> {
    const behind = of(entry.about).filter((one) => one.key !== entry.key)
    const written = behind.filter(isWritten)
    if (written.length && entry.call === 'order') await seeAgain(entry.about, written)
    await setAside(entry, why)
    for (const one of behind) if (!written.includes(one)) await drop(one)
    if (entry.call === 'report') for (const one of written) await setAside(one, words.builtOn)
  }

  /**
   * Somebody else went on with the order meanwhile, by one of these very steps: what waits goes against its version of now.
   * One that was sent back since asks for another answer than the one that was written: there the server judges by the old.
   */
  async function seeAgain(order: string, waiting: readonly Entry[]): Promise<void> {
    let now: Versioned | null = null
    try {
      now = await api.object('order', order)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
    if (now === null || now.card.rework_count !== 0) return
    for (const one of waiting) {
      one.version = now.version
      await keep(one)
    }
  }

  async function setAside(entry: Entry, why: string): Promise<void> {
    entries.value = entries.value.filter((one) => one.key !== entry.key)
    entry.refused = why
    await keep(entry)
    otherTabs?.postMessage(entry.key)
    reject(entry, why)
  }

  /** The server keeps for a day what nothing names; the queue may have waited longer. It is sent once more. */
  async function partsAgain(entry: Entry): Promise<boolean> {
    if (again.has(entry.key)) return false
    again.add(entry.key)
    const anew = (draft: Draft): Draft => ({ ...draft, key: newUuid(), id: null })
    entry.photos = entry.photos.map(anew)
    entry.files = entry.files?.map(anew)
    await keep(entry)
    return true
  }

  /** Photos and files first, each once. One that is refused is told and left out: what happened matters more. */
  async function sendParts(entry: Entry, which: 'photos' | 'files'): Promise<string[]> {
    const send = which === 'photos' ? api.sendPhoto : api.sendFile
    for (const draft of [...(entry[which] ?? [])]) {
      try {
        await sendAll([draft], (one) => send(one.blob, one.key, entry.person), () => keep(entry))
      } catch (error) {
        const unreadable = error instanceof Unreachable && !(await isReadable(draft.blob))
        if (!(error instanceof Refusal) && !unreadable) throw error
        entry[which] = entry[which]?.filter((one) => one !== draft) ?? []
        await keep(entry)
        reject(entry, error instanceof Refusal ? explain(error.problem) : words.unreadable, true)
      }
    }
    return entry[which]?.flatMap((draft) => draft.id ?? []) ?? []
  }

  async function call(entry: Entry, body: Record<string, unknown>): Promise<Answer> {
    // What this person saw, or what an own earlier step has made of it since.
    const seen = [entry.version, told.get(entry.about)].filter((one) => one !== null && one !== undefined)
    const version = UNVERSIONED.has(entry.verb) || !seen.length ? undefined : Math.max(...seen)
    switch (entry.call) {
      case 'report':
        return (await api.report(body as unknown as ReportBody, entry.key, entry.person)).data
      case 'issue':
        return api.issueVerb(entry.about, entry.verb, body, entry.key, version, entry.person)
      case 'order':
        return api.orderVerb(entry.about, entry.verb, body, entry.key, version, entry.person)
    }
  }

  /** What waits behind a step is about what that step made: a report's issue, an object's new version. Also after a crash. */
  async function follow(entry: Entry, answer: Answer): Promise<void> {
    const { object, version } = answer
    if (entry.call !== 'report' && object.id !== entry.about) return
    for (const behind of of(entry.about)) {
      if (behind.key === entry.key) continue
      Object.assign(behind, { about: object.id, version })
      await keep(behind)
    }
  }

  function note(entry: Entry, answer: Answer): void {
    const issue = entry.call === 'order' || BESIDE.has(entry.verb) ? String(answer.card.issue ?? '') : answer.object.id
    const one = { key: entry.key, verb: entry.verb, issue, number: String(answer.card.number ?? '') }
    delivered.value = [one, ...delivered.value].slice(0, 20)
  }

  function reject(entry: Entry, why: string, photo = false): void {
    rejected.value = [...rejected.value, { entry, words: why, photo }]
  }

  async function drop(entry: Entry): Promise<void> {
    entries.value = entries.value.filter((one) => one.key !== entry.key)
    unkept.delete(entry.key)
    await drawer.remove(entry.key).catch(() => undefined) // it may be sent once more; its key makes that harmless
    otherTabs?.postMessage(entry.key)
  }

  function dismiss(one: Rejected): void {
    rejected.value = rejected.value.filter((other) => other !== one)
    if (!one.photo) void drop(one.entry)
  }

  /** Takes back what no network has seen yet, and what was built on it. False when it may be under way. */
  async function takeBack(entry: Entry): Promise<boolean> {
    const from = of(entry.about).findIndex((one) => one.key === entry.key)
    const gone = of(entry.about).slice(from)
    if (from < 0 || gone.some((one) => one.tried ?? one.shut)) return false
    for (const one of gone) await drop(one)
    return true
  }

  /** Gives up what waits for this person. */
  async function discard(): Promise<void> {
    for (const entry of mine.value) await drop(entry)
    for (const one of [...rejected.value]) dismiss(one)
  }

  return { mine, reports, rejected, delivered, sending, signedOut, fragile, of, open, add, flush, dismiss, takeBack, discard, openShut }
})

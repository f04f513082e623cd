/**
 * What this screen knows: the open objects in its scope, by the version rules of docs/protocol.md.
 *
 * Changes are queued and committed at most once per animation frame, so a burst costs one drawing. Cards are never deeply
 * reactive: `revision` is what drawing depends on.
 */

import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { CardOf, Kind } from '@/api/cards'
import { assertNever } from '../protocol'
import type { Card, Change, Fact, ObjectRef, Snapshot, Versioned } from '../protocol'

interface Known {
  version: number
  card: Card | null // null: known to be gone, its version kept while the socket lives
}

/** How commits are scheduled and how a single object is fetched; a test puts its own in. */
export interface ObjectsPorts {
  schedule(run: () => void): void
  fetchObject(ref: ObjectRef): Promise<Versioned | null>
}

export const useObjects = defineStore('objects', () => {
  const known = new Map<string, Map<string, Known>>()
  const queue: Change[] = []
  const revision = shallowRef(0)
  const loaded = ref(false)
  /** Versions that didn't follow on each other: 0, unless something is wrong. */
  const defects = ref(0)
  const recent: ((fact: Fact, through: number) => void)[] = []
  const lostListeners: ((object: ObjectRef | null) => void)[] = []
  const drawnListeners: ((through: number) => void)[] = []
  let ports: ObjectsPorts = { schedule: (run) => run(), fetchObject: () => Promise.resolve(null) }
  /** Objects being fetched again; true when another hole showed meanwhile. */
  const mending = new Map<string, boolean>()
  let scheduled = false
  let generation = 0

  function connect(given: ObjectsPorts): void {
    ports = given
  }

  function kindOf(kind: string): Map<string, Known> {
    let rows = known.get(kind)
    if (!rows) known.set(kind, (rows = new Map()))
    return rows
  }

  function put(ref: ObjectRef, version: number, card: Card): void {
    kindOf(ref.kind).set(ref.id, { version, card: card.open === true ? card : null })
  }

  function clear(): void {
    generation += 1
    queue.length = 0
    mending.clear()
    known.clear()
    loaded.value = false
    revision.value += 1
  }

  function load(snapshot: Pick<Snapshot, 'objects'>): void {
    clear()
    for (const one of snapshot.objects) put(one, one.version, one.card)
    loaded.value = true
    revision.value += 1
    for (const listener of [...lostListeners]) listener(null)
  }

  /** Takes one change in; it is drawn with the next frame. */
  function take(change: Change): void {
    queue.push(change)
    if (scheduled) return
    scheduled = true
    ports.schedule(commit)
  }

  function commit(): void {
    scheduled = false
    if (queue.length === 0) return
    const batch = queue.splice(0)
    for (const change of batch) apply(change)
    revision.value += 1
    const through = batch[batch.length - 1]?.through
    if (through !== undefined) for (const listener of [...drawnListeners]) listener(through)
  }

  /** The one entry for change. */
  function apply(change: Change): void {
    switch (change.frame) {
      case 'left_scope':
        kindOf(change.object.kind).set(change.object.id, { version: change.version, card: null })
        for (const listener of [...lostListeners]) listener(change.object)
        return
      case 'fact': {
        const { fact } = change
        const have = kindOf(fact.object.kind).get(fact.object.id)
        if (!have || fact.version === have.version + 1) put(fact.object, fact.version, fact.card)
        else if (fact.version > have.version) mend(fact.object)
        else return
        for (const listener of [...recent]) listener(fact, change.through)
        return
      }
      default:
        assertNever(change)
    }
  }

  /** A version is missing: ask for the object itself, and count it, for it must not happen. */
  function mend(object: ObjectRef): void {
    defects.value += 1
    const key = `${object.kind}/${object.id}`
    if (mending.has(key)) mending.set(key, true)
    else void refetch(object, key)
  }

  async function refetch(object: ObjectRef, key: string): Promise<void> {
    const asked = generation
    do {
      mending.set(key, false)
      try {
        const now = await ports.fetchObject(object)
        if (asked !== generation) return
        const have = kindOf(object.kind).get(object.id)
        if (now && (!have || now.version > have.version)) put(object, now.version, now.card)
        else if (!now) kindOf(object.kind).delete(object.id)
      } catch {
        break // the next change of this object tries again; a reset repairs all
      }
      revision.value += 1
    } while (mending.get(key) === true)
    if (asked === generation) mending.delete(key)
  }

  function get<K extends Kind>(kind: K, id: string): { version: number; card: CardOf[K] } | null {
    const one = known.get(kind)?.get(id)
    return one?.card ? { version: one.version, card: one.card as unknown as CardOf[K] } : null
  }

  /** Open objects of a kind. Read `revision` beside it to be told of changes. */
  function* each<K extends Kind>(kind: K): Generator<{ id: string; version: number; card: CardOf[K] }> {
    for (const [id, one] of known.get(kind) ?? []) {
      if (one.card) yield { id, version: one.version, card: one.card as unknown as CardOf[K] }
    }
  }

  /** Calls back for each fact taken in, with its place in the feed; the result undoes it. */
  function onFact(listener: (fact: Fact, through: number) => void): () => void {
    recent.push(listener)
    return () => void recent.splice(recent.indexOf(listener), 1)
  }

  /**
   * Calls back when an object has left this screen's scope, and with null when all was loaded anew: whatever was fetched
   * beside the objects may be another's now, or old.
   */
  function onLost(listener: (object: ObjectRef | null) => void): void {
    lostListeners.push(listener)
  }

  /** Calls back after each commit with what has now been drawn up to; the result undoes it. */
  function onCommit(listener: (through: number) => void): () => void {
    drawnListeners.push(listener)
    return () => void drawnListeners.splice(drawnListeners.indexOf(listener), 1)
  }

  return { revision, loaded, defects, connect, clear, load, take, commit, get, each, onFact, onLost, onCommit }
})

/**
 * The server's own triples, replayed through the store: snapshot before + frames = snapshot after, for every action and
 * every kind of scope. One truth, two languages: tests/contract/test_converges.py writes them and checks the same there.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Kind } from '@/api/cards'
import type { Change, Versioned } from '@/shared/protocol'
import { useObjects } from '@/shared/stores/objects'

interface Triple {
  scope: string
  before: Versioned[]
  frames: Change[]
  after: Versioned[]
}

const FOLDER = resolve(process.cwd(), '../tests/contract/triples')
const triples = readdirSync(FOLDER).flatMap((file) => {
  const { action, triples } = JSON.parse(readFileSync(resolve(FOLDER, file), 'utf8')) as { action: string; triples: Triple[] }
  return triples.map((triple) => ({ name: `${action} seen by ${triple.scope}`, triple }))
})

beforeEach(() => {
  setActivePinia(createPinia())
})

const sorted = (objects: readonly Versioned[]): Versioned[] =>
  [...objects].sort((a, b) => (a.kind + a.id < b.kind + b.id ? -1 : 1))

const refOf = (change: Change): { kind: string } => (change.frame === 'fact' ? change.fact.object : change.object)

describe('a screen converges', () => {
  it('in every action of the loop', () => {
    expect(triples.length).toBeGreaterThan(100)
  })

  it.each(triples)('$name', ({ triple }) => {
    const store = useObjects()
    store.connect({ schedule: (run) => run(), fetchObject: () => Promise.reject(new Error('nothing may be fetched')) })
    store.load({ objects: triple.before })
    triple.frames.forEach(store.take)
    const kinds = new Set([...triple.before, ...triple.after, ...triple.frames.map(refOf)].map((one) => one.kind))
    const now = [...kinds].flatMap((kind) =>
      [...store.each(kind as Kind)].map(({ id, version, card }) => ({ kind, id, version, card: card as unknown as Versioned['card'] })),
    )
    expect(sorted(now)).toEqual(sorted(triple.after))
    expect(store.defects).toBe(0)
  })
})

/** The version rules of docs/protocol.md: what a screen takes, ignores, drops and fetches again. */

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Change, ObjectRef, Versioned } from '@/shared/protocol'
import { useObjects } from '@/shared/stores/objects'
import { fact, settle } from './wire'

const change = (through: number, version: number, card: Record<string, unknown> = { open: true }): Change =>
  fact(through, version, card) as unknown as Change
const left = (through: number, version: number): Change => ({
  frame: 'left_scope',
  epoch: 1,
  through,
  hash: 'h',
  object: { id: 'i1', kind: 'issue' },
  version,
})

let asked: ObjectRef[]
let answer: (ref: ObjectRef) => Promise<Versioned | null>

beforeEach(() => {
  setActivePinia(createPinia())
  asked = []
  answer = () => Promise.resolve(null)
  useObjects().connect({
    schedule: (run) => run(),
    fetchObject: (ref) => {
      asked.push(ref)
      return answer(ref)
    },
  })
})

describe('a fact', () => {
  it('about an unknown object gives its card, whatever the version', () => {
    const store = useObjects()
    store.take(change(8, 5, { open: true, number: '000001' }))
    expect(store.get('issue', 'i1')).toEqual({ version: 5, card: { open: true, number: '000001' } })
    expect(store.defects).toBe(0)
  })

  it('of the next version replaces the card; of an old one changes nothing', () => {
    const store = useObjects()
    store.take(change(8, 5, { open: true, state: 'reported' }))
    store.take(change(9, 6, { open: true, state: 'accepted' }))
    store.take(change(10, 6, { open: true, state: 'again' }))
    store.take(change(11, 2, { open: true, state: 'old' }))
    expect(store.get('issue', 'i1')).toEqual({ version: 6, card: { open: true, state: 'accepted' } })
  })

  it('that leaves a hole is a defect: the object itself is fetched', async () => {
    const store = useObjects()
    store.take(change(8, 5))
    answer = (ref) => Promise.resolve({ ...ref, version: 8, card: { open: true, state: 'filed' } })
    store.take(change(9, 7, { open: true, state: 'wrong' }))
    expect(store.defects).toBe(1)
    expect(store.get('issue', 'i1')?.version).toBe(5)
    await settle()
    expect(asked).toEqual([{ id: 'i1', kind: 'issue' }])
    expect(store.get('issue', 'i1')).toEqual({ version: 8, card: { open: true, state: 'filed' } })
  })

  it('that comes while the object is being fetched makes it fetched once more, not twice at a time', async () => {
    const store = useObjects()
    store.take(change(8, 5))
    let version = 7
    answer = (ref) => Promise.resolve({ ...ref, version: version++, card: { open: true } })
    store.take(change(9, 7))
    store.take(change(10, 8))
    expect(asked).toHaveLength(1)
    await settle()
    expect(asked).toHaveLength(2)
    expect(store.get('issue', 'i1')?.version).toBe(8)
  })

  it('with open false drops the object and remembers its version', () => {
    const store = useObjects()
    store.take(change(8, 5))
    store.take(change(9, 6, { open: false }))
    expect(store.get('issue', 'i1')).toBeNull()
    store.take(change(10, 6, { open: true }))
    expect(store.get('issue', 'i1')).toBeNull()
    store.take(change(11, 7, { open: true }))
    expect(store.get('issue', 'i1')?.version).toBe(7)
  })
})

it('drops what leaves the scope, and takes it again when it comes back', () => {
  const store = useObjects()
  store.take(change(8, 5))
  store.take(left(9, 6))
  expect([...store.each('issue')]).toEqual([])
  store.take(change(10, 7))
  expect(store.get('issue', 'i1')?.version).toBe(7)
  expect(store.defects).toBe(0)
})

it('a fetched object that is gone by then is dropped', async () => {
  const store = useObjects()
  store.take(change(8, 5))
  store.take(change(9, 9))
  await settle()
  expect(store.get('issue', 'i1')).toBeNull()
})

it('an answer from before a reset changes nothing after it', async () => {
  const store = useObjects()
  store.take(change(8, 5))
  answer = (ref) => Promise.resolve({ ...ref, version: 9, card: { open: true } })
  store.take(change(9, 7))
  store.load({ objects: [] })
  await settle()
  expect(store.get('issue', 'i1')).toBeNull()
})

it('commits many changes once, before the next drawing', () => {
  const store = useObjects()
  const scheduled: (() => void)[] = []
  const committed: number[] = []
  store.connect({ schedule: (run) => scheduled.push(run), fetchObject: () => Promise.resolve(null) })
  store.onCommit((through) => committed.push(through))
  const before = store.revision
  for (let version = 1; version <= 50; version += 1) store.take(change(version, version))
  expect(scheduled).toHaveLength(1)
  expect(store.revision).toBe(before)
  scheduled[0]?.()
  expect(store.revision).toBe(before + 1)
  expect(committed).toEqual([50])
  expect(store.get('issue', 'i1')?.version).toBe(50)
})

it('forgets what was queued when it is cleared', () => {
  const store = useObjects()
  const scheduled: (() => void)[] = []
  store.connect({ schedule: (run) => scheduled.push(run), fetchObject: () => Promise.resolve(null) })
  store.take(change(8, 5))
  store.clear()
  scheduled[0]?.()
  expect([...store.each('issue')]).toEqual([])
})

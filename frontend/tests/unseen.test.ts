/** The mark of what others changed: set by the server's list and by facts, cleared by looking. */

import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { api } from '@/api/calls'
import type { Session, Unseen } from '@/api/calls'
import { useLook } from '@/shared/look'
import type { Change } from '@/shared/protocol'
import { useBoard } from '@/shared/stores/board'
import { useObjects } from '@/shared/stores/objects'
import { useSession } from '@/shared/stores/session'
import { useUnseen } from '@/shared/stores/unseen'
import { useTitle } from '@/shared/title'

const asked = vi.spyOn(api, 'unseen')
const looks = vi.spyOn(api, 'look')
const NAMES = ['report.added', 'order.fed_back']

function answer(seq: number, issues: Record<string, number[]> = {}, danger: string[] = []): Unseen {
  const listed = Object.entries(issues).map(([id, seqs]) => ({ id, version: null, card: null, changes: seqs.map((one) => ({ seq: one, at: '2026-11-02T01:00:00Z', name: 'report.added', danger })) }))
  return { seq, names: NAMES, names_for_members: ['issue.closed'], issues: listed } as unknown as Unseen
}

function fact(through: number, name: string, card: Record<string, unknown>, object: { kind: string; id: string }, by = 'reporter:1', body: Record<string, unknown> = {}): Change {
  return { frame: 'fact', epoch: 1, through, hash: '', fact: { at: '2026-11-02T01:00:00Z', name, object, version: through, card, body: { by, ...body } } } as unknown as Change
}
const added = (through: number, issue: string, by?: string, body?: Record<string, unknown>): Change =>
  fact(through, 'report.added', { issue, open: true }, { kind: 'report', id: `r-${issue}` }, by, body)

const card = { open: true, state: 'accepted', urgent: false, clocks: [], cell: null, number: '000001', reported_at: '2026-11-02T01:00:00Z', sensitive: false, exercise: false }

describe('the unseen mark', () => {
  beforeEach(async () => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    asked.mockReset().mockResolvedValue(answer(10))
    looks.mockReset().mockResolvedValue({ data: undefined } as never)
    useSession().session = { person: { id: 'me' }, posts: [], rights: [] } as unknown as Session
    const objects = useObjects()
    objects.connect({ schedule: (run) => run(), fetchObject: () => Promise.resolve(null) })
    objects.load({ objects: [{ kind: 'issue', id: 'i1', version: 1, card }] } as never)
    useUnseen().start()
    await vi.advanceTimersByTimeAsync(1_000)
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('comes at once with the fact of somebody else, and not with an own one', () => {
    useObjects().take(added(11, 'i1', 'person:me'))
    expect(useUnseen().ids.size).toBe(0)
    useObjects().take(added(12, 'i1'))
    expect([...useUnseen().ids]).toEqual(['i1'])
  })

  it('does not come with what is only the next step', () => {
    useObjects().take(fact(11, 'issue.filed', { ...card }, { kind: 'issue', id: 'i1' }))
    expect(useUnseen().ids.size).toBe(0)
  })

  it('asks the server where a fact is about what is on no board', async () => {
    asked.mockClear()
    useObjects().take(added(11, 'merged-away'))
    await vi.advanceTimersByTimeAsync(500)
    expect(asked).toHaveBeenCalledTimes(1)
  })

  it('goes when the issue ends', () => {
    useObjects().take(added(11, 'i1'))
    useObjects().take(fact(12, 'issue.closed', { ...card, open: false }, { kind: 'issue', id: 'i1' }))
    expect(useUnseen().ids.size).toBe(0)
  })

  it('keeps what was heard behind an answer that was under way, and takes the rest from it', async () => {
    let give: (found: Unseen) => void = () => undefined
    asked.mockImplementation(() => new Promise((resolve) => (give = resolve)))
    void useUnseen().load()
    useObjects().take(added(21, 'i1'))
    give(answer(20, { other: [15] }))
    await vi.advanceTimersByTimeAsync(1)
    expect([...useUnseen().ids].sort()).toEqual(['i1', 'other'])
  })

  it('is cleared by a look that an answer under way does not undo', async () => {
    useObjects().take(added(11, 'i1'))
    expect(useUnseen().look('i1').map((one) => one.seq)).toEqual([11])
    expect(looks).toHaveBeenCalledWith('i1', 11)
    asked.mockResolvedValue(answer(12, { i1: [11] }))
    await useUnseen().load()
    expect(useUnseen().ids.size).toBe(0)
    asked.mockResolvedValue(answer(13, { i1: [13] }))
    await useUnseen().load()
    expect([...useUnseen().ids]).toEqual(['i1'])
  })

  it('is there again when the look could not be told', async () => {
    looks.mockRejectedValue(new Error('no network'))
    useObjects().take(added(11, 'i1'))
    useUnseen().look('i1')
    asked.mockResolvedValue(answer(12, { i1: [11] }))
    await vi.advanceTimersByTimeAsync(1)
    await useUnseen().load()
    expect([...useUnseen().ids]).toEqual(['i1'])
  })

  it('is not cleared by passing, nor before all that is known is drawn', async () => {
    useObjects().take(added(11, 'i1'))
    const id = ref<string | null>('i1')
    const drawn = ref(false)
    const scope = effectScope()
    const news = scope.run(() => useLook(id, drawn))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(looks).not.toHaveBeenCalled()
    drawn.value = true
    await nextTick()
    await vi.advanceTimersByTimeAsync(300)
    id.value = 'i2'
    await vi.advanceTimersByTimeAsync(2_000)
    expect(looks).not.toHaveBeenCalled()
    id.value = 'i1'
    await nextTick()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(looks).toHaveBeenCalledTimes(1)
    expect(news?.value.map((one) => one.name)).toEqual(['report.added'])
    scope.stop()
  })

  it('pins an issue in which words of danger were said until one has looked, and no figure counts that', async () => {
    useObjects().take(added(11, 'i1', 'reporter:1', { danger: ['110'] }))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(useBoard().board.rows.map((row) => row.pinned)).toEqual([true])
    expect(useBoard().board.figures.urgent).toBe(0)
    useUnseen().look('i1')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(useBoard().board.rows.map((row) => row.pinned)).toEqual([false])
  })

  it('stands in the title', async () => {
    useTitle(ref('指挥台'))
    expect(document.title).toBe('指挥台')
    useObjects().take(added(11, 'i1'))
    await nextTick()
    expect(document.title).toBe('（1）指挥台')
  })
})

/** Lists that go on: the whole of what waits for an answer, and what only the server finds. */

import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { api } from '@/api/calls'
import type { IssuePage, Session, UnansweredPage } from '@/api/calls'
import { useDesk } from '@/console/desk'
import { useFound } from '@/console/found'
import { useLists } from '@/console/lists'
import { useSession } from '@/shared/stores/session'

const pages = vi.spyOn(api, 'unanswered')
const asked = vi.spyOn(api, 'find')

const line = (id: string, open = true) => ({ id, version: 1, card: { number: id, open, clocks: [], state: open ? 'accepted' : 'closed', reported_at: '2026-11-02T01:00:00Z' } })

function page(ids: string[], total: number, cursor: string | null): UnansweredPage {
  return { total, cursor, issues: ids.map((id) => ({ ...line(id), reports: [], since: '2026-11-02T01:00:00Z' })) } as unknown as UnansweredPage
}

describe('what waits for an answer', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    pages.mockReset()
    useSession().session = { rights: ['replies.make'], posts: [] } as unknown as Session
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('counts the whole list, shows its first page, and goes on to its end', async () => {
    pages.mockImplementation((cursor) => Promise.resolve(cursor ? page(['c'], 3, null) : page(['a', 'b'], 3, 'after-b')))
    const lists = useLists()
    await vi.advanceTimersByTimeAsync(10)
    expect([lists.unansweredTotal, lists.unansweredLeft, lists.unansweredRows.map((row) => row.id)]).toEqual([3, 1, ['a', 'b']])
    await lists.moreUnanswered()
    expect([lists.unansweredTotal, lists.unansweredLeft, lists.unansweredRows.map((row) => row.id)]).toEqual([3, 0, ['a', 'b', 'c']])
  })

  it('keeps the pages that are on the screen when it asks again', async () => {
    pages.mockImplementation((cursor) => Promise.resolve(cursor ? page(['c'], 3, null) : page(['a', 'b'], 3, 'after-b')))
    const lists = useLists()
    await vi.advanceTimersByTimeAsync(10)
    await lists.moreUnanswered()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(lists.unansweredRows).toHaveLength(3)
  })
})

describe('what the server finds for the words of the queue', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    asked.mockReset().mockResolvedValue({ issues: [line('open'), line('gone', false)], cursor: 'next' } as unknown as IssuePage)
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  async function typed(text: string): Promise<void> {
    useFound()
    useDesk().filter.text = text
    await nextTick()
    await vi.advanceTimersByTimeAsync(500)
  }

  it.each(['GD-20261130-000417', '0417', '０４１７'])('asks for %s by itself: no row shows the number of who sent it', async (text) => {
    await typed(text)
    expect(asked).toHaveBeenCalledTimes(1)
    expect([[...useFound().open], useFound().ended.map((one) => one.id)]).toEqual([['open'], ['gone']])
  })

  it.each(['路灯', '17', '1号'])('asks for %s only when one wants the past', async (text) => {
    await typed(text)
    expect(asked).not.toHaveBeenCalled()
  })

  it('goes on to the next page', async () => {
    await typed('000417')
    asked.mockResolvedValue({ issues: [line('older', false)], cursor: null } as unknown as IssuePage)
    await useFound().find(true)
    expect(asked).toHaveBeenLastCalledWith('000417', 'next')
    expect([useFound().ended.map((one) => one.id), useFound().cursor]).toEqual([['gone', 'older'], null])
  })
})

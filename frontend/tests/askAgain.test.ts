/** Tiles that could not be fetched while the gateway was away come when it is back, without a reload. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ASK_AGAIN_MS, askAgain } from '@/shared/map/askAgain'
import type { Asking } from '@/shared/map/askAgain'

describe('a map that was refused a tile', () => {
  const tiles = { type: 'vector', tiles: ['/t/{z}/{x}/{y}.mvt'], setTiles: vi.fn() }
  const rivers = { type: 'geojson', setData: vi.fn(), serialize: () => ({ data: '/api/v1/basemap' }) }
  const marks = { type: 'geojson', setData: vi.fn(), serialize: () => ({ data: { type: 'FeatureCollection' } }) }
  const sources: Record<string, unknown> = { tiles, rivers, marks }
  let fails: (event: { sourceId?: string }) => void = () => undefined
  const map = {
    on: (_: string, listener: typeof fails) => (fails = listener),
    getSource: (id: string) => sources[id],
  } as unknown as Asking

  beforeEach(() => {
    vi.useFakeTimers()
    for (const told of [tiles.setTiles, rivers.setData, marks.setData]) told.mockReset()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('asks again for each source once, however many of its tiles failed, and again while they fail', () => {
    askAgain(map)
    for (let n = 0; n < 20; n += 1) fails({ sourceId: 'tiles' })
    fails({ sourceId: 'rivers' })
    expect(tiles.setTiles).not.toHaveBeenCalled()
    vi.advanceTimersByTime(ASK_AGAIN_MS)
    expect(tiles.setTiles.mock.calls).toEqual([[tiles.tiles]])
    expect(rivers.setData.mock.calls).toEqual([['/api/v1/basemap']])
    vi.advanceTimersByTime(10 * ASK_AGAIN_MS)
    expect(tiles.setTiles).toHaveBeenCalledTimes(1)
    fails({ sourceId: 'tiles' })
    vi.advanceTimersByTime(ASK_AGAIN_MS)
    expect(tiles.setTiles).toHaveBeenCalledTimes(2)
  })

  it('leaves what was not fetched, what is gone, and a map that is gone', () => {
    const end = askAgain(map)
    fails({})
    fails({ sourceId: 'marks' })
    fails({ sourceId: 'removed' })
    vi.advanceTimersByTime(ASK_AGAIN_MS)
    expect(marks.setData).not.toHaveBeenCalled()
    fails({ sourceId: 'tiles' })
    end()
    vi.advanceTimersByTime(ASK_AGAIN_MS)
    expect(tiles.setTiles).not.toHaveBeenCalled()
  })
})

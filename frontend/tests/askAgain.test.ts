/** Tiles that could not be fetched while the gateway was away come when it is back, without a reload. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ASK_AGAIN_MS, askAgain } from '@/shared/map/askAgain'
import type { Asking } from '@/shared/map/askAgain'

describe('a map that was refused a tile', () => {
  const tiles = { type: 'vector', tiles: ['/t/{z}/{x}/{y}.mvt'] }
  const refreshTiles = vi.fn()
  const tile = (x: number) => ({ tileID: { canonical: { x, y: 7, z: 12, key: 'unused' } } })
  const rivers = { type: 'geojson', setData: vi.fn(), serialize: () => ({ data: '/api/v1/basemap' }) }
  const marks = { type: 'geojson', setData: vi.fn(), serialize: () => ({ data: { type: 'FeatureCollection' } }) }
  const sources: Record<string, unknown> = { tiles, rivers, marks }
  let fails: (event: { sourceId?: string; tile?: ReturnType<typeof tile> }) => void = () => undefined
  const map = {
    on: (_: string, listener: typeof fails) => (fails = listener),
    getSource: (id: string) => sources[id],
    refreshTiles,
  } as unknown as Asking

  beforeEach(() => {
    vi.useFakeTimers()
    for (const told of [refreshTiles, rivers.setData, marks.setData]) told.mockReset()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('asks again for each tile that failed and for no other, once, and again while it fails', () => {
    askAgain(map)
    for (const x of [3, 4, 3, 3]) fails({ sourceId: 'tiles', tile: tile(x) })
    fails({ sourceId: 'rivers' })
    expect(refreshTiles).not.toHaveBeenCalled()
    vi.advanceTimersByTime(ASK_AGAIN_MS)
    expect(refreshTiles.mock.calls).toEqual([['tiles', [{ x: 3, y: 7, z: 12 }, { x: 4, y: 7, z: 12 }]]])
    expect(rivers.setData.mock.calls).toEqual([['/api/v1/basemap']])
    vi.advanceTimersByTime(10 * ASK_AGAIN_MS)
    expect(refreshTiles).toHaveBeenCalledTimes(1)
    fails({ sourceId: 'tiles', tile: tile(3) })
    vi.advanceTimersByTime(ASK_AGAIN_MS)
    expect(refreshTiles.mock.calls[1]).toEqual(['tiles', [{ x: 3, y: 7, z: 12 }]])
  })

  it('leaves what was not fetched, what is gone, and a map that is gone', () => {
    const end = askAgain(map)
    fails({})
    fails({ sourceId: 'marks' })
    fails({ sourceId: 'removed' })
    vi.advanceTimersByTime(ASK_AGAIN_MS)
    expect(marks.setData).not.toHaveBeenCalled()
    fails({ sourceId: 'tiles', tile: tile(3) })
    end()
    vi.advanceTimersByTime(ASK_AGAIN_MS)
    expect(refreshTiles).not.toHaveBeenCalled()
  })
})

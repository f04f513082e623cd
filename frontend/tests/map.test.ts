/** What the map shows: the right level of cells, load and lateness, one mark where there is room for one. */

import { describe, expect, it } from 'vitest'
import { boardOf } from '@/shared/board'
import { clustersOf } from '@/shared/map/clusters'
import { cellPoints, exactPoints, standsAt } from '@/shared/map/features'
import type { LonLat } from '@/shared/map/features'
import { featureOf, groundOf, levelsOf, shadesOf, sumsOf } from '@/shared/map/ground'
import type { Middles, Tier } from '@/shared/map/ground'
import { LIGHT, fillOf, mix } from '@/shared/map/palette'
import type { CellCard, ClockCard, IssueCard, ReportCard } from '@/api/cards'
import { clockCard, issueCard } from './cards'

const NOW = Date.parse('2026-11-02T09:00:00Z')
const minute = (n: number): string => new Date(NOW + n * 60_000).toISOString()
const due = (left: number): ClockCard => clockCard('relay_up', minute(left - 60), minute(left))

const place = (path: string, tier: Tier, at: [number, number]): Middles['features'][number] => ({
  type: 'Feature',
  properties: { id: `0000000${String(path.length)}-0000-4000-8000-${path.replaceAll('/', '').padEnd(12, '0').slice(0, 12)}`, name: path, path, tier },
  geometry: { type: 'Point', coordinates: at },
})
const MIDDLES: Middles = {
  type: 'FeatureCollection',
  bbox: [120, 30, 120.4, 30.4],
  counts: { district: 1, township: 17, community: 245, grid: 1026, micro_grid: 8535 },
  features: [
    place('d', 'district', [120.2, 30.2]),
    place('d/t', 'township', [120.1, 30.1]),
    place('d/t/c', 'community', [120.1, 30.1]),
    place('d/t/c/1', 'grid', [120.11, 30.11]),
    place('d/t/c/2', 'grid', [120.13, 30.13]),
  ],
}
const ground = groundOf(MIDDLES)
const cellAt = (path: string): CellCard => {
  const found = ground.byPath.get(path)
  return { id: found?.id ?? '', code: path, name: path, path, tier: 'grid' }
}
const issue = (id: string, path: string | null, left: number, more: Partial<IssueCard> = {}) => ({
  id,
  version: 1,
  card: issueCard({ number: id, cell: path === null ? null : cellAt(path), reported_at: minute(-30), clocks: [due(left)], ...more }),
})

describe('the level of the cells', () => {
  it('grows finer with the zoom and leaves no zoom without one', () => {
    const levels = levelsOf(MIDDLES)
    expect(levels.map((level) => level.tier)).toEqual(['township', 'community', 'grid', 'micro_grid'])
    expect(levels[0]?.from).toBe(0)
    for (const [index, level] of levels.entries()) {
      expect(level.to).toBeGreaterThan(level.from)
      if (index > 0) expect(level.from).toBe(levels[index - 1]?.to)
    }
  })

  it('draws micro-grids only where a street fills the screen, and coarser on a wall', () => {
    const [, , , micro] = levelsOf(MIDDLES)
    expect(micro?.from).toBeGreaterThan(11)
    expect(levelsOf(MIDDLES, 2)[3]?.from).toBeCloseTo((micro?.from ?? 0) + 1)
  })

  it('does without a tier that the centre lacks', () => {
    const levels = levelsOf({ bbox: MIDDLES.bbox, counts: { district: 1, township: 4, grid: 40 } })
    expect(levels.map((level) => level.tier)).toEqual(['township', 'grid'])
  })

  it('knows a cell by the number that the tiles give it', () => {
    expect(featureOf('00000001-0002-4000-8000-000000000000')).toBe(0x10002)
    expect(featureOf('ffffffff-ffff-4000-8000-000000000000')).toBe(2 ** 48 - 1)
  })
})

describe('load and lateness', () => {
  const loads = boardOf(
    [issue('a', 'd/t/c/1', -5), issue('b', 'd/t/c/1', 50), issue('c', 'd/t/c/2', 5), issue('none', null, 50)],
    NOW,
  ).byCell
  const shades = shadesOf(loads, ground)
  const of = (path: string) => shades.get(ground.byPath.get(path)?.id ?? '')

  it('counts in every cell above, and in no district', () => {
    expect(of('d/t/c/1')).toMatchObject({ open: 2, load: 1, late: 0.5, worst: 'red' })
    expect(of('d/t/c/2')).toMatchObject({ open: 1, late: 0, worst: 'amber' })
    expect(of('d/t/c')).toMatchObject({ open: 3, late: 0.35, worst: 'red' })
    expect(of('d/t')).toMatchObject({ open: 3, load: 1 })
    expect(of('d')).toBeUndefined()
  })

  it('shades by how much is open, or by how much of it is late, as asked', () => {
    const id = ground.byPath.get('d/t/c/1')?.id ?? ''
    expect(shadesOf(loads, ground, 'load').get(id)).toMatchObject({ load: 1, worst: '' })
    expect(shadesOf(loads, ground, 'late').get(id)).toMatchObject({ load: 0, late: 0.5, worst: 'red' })
  })

  it('says in the list of a tier what the map shows at it', () => {
    const lines = [...sumsOf(loads, ground).values()].filter((sum) => sum.place.tier === 'township')
    expect(lines).toMatchObject([{ open: 3, red: 1, amber: 1, urgent: 0 }])
  })

  it('colours: empty, loaded, the redder the later', () => {
    expect(fillOf(undefined, LIGHT)).toBe(LIGHT.cell[0])
    expect(fillOf({ open: 9, load: 3, late: 0, worst: '' }, LIGHT)).toBe(LIGHT.cell[3])
    const some = fillOf({ open: 9, load: 3, late: 0.1, worst: 'red' }, LIGHT)
    const all = fillOf({ open: 9, load: 3, late: 1, worst: 'red' }, LIGHT)
    const blue = (colour: string): number => parseInt(colour.slice(5), 16)
    expect(blue(all)).toBeLessThan(blue(some))
    expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080')
  })
})

describe('the marks', () => {
  const rows = boardOf([issue('over', 'd/t/c/1', -5), issue('calm', 'd/t/c/1', 40)], NOW).rows

  it('shows the wall one mark a cell, the worst, and never a position', () => {
    const found = cellPoints(rows, ground)
    expect(found.features).toHaveLength(1)
    expect(found.features[0]).toMatchObject({ geometry: { coordinates: [120.11, 30.11] }, properties: { mark: 'red', count: 2, n2: 1 } })
  })

  it('is the mark of the chosen issue where that is in the cell, and opens the cell where there are several', () => {
    expect(cellPoints(rows, ground).features[0]?.properties).toMatchObject({ issue: 'over', cell: 'd/t/c/1' })
    const chosen = cellPoints(rows, ground, 'calm').features
    expect(chosen[0]?.properties).toMatchObject({ issue: 'calm', mark: 'red', count: 2 })
    const several = clustersOf(chosen, ([x, y]) => ({ x, y }), 20)
    expect(several).toMatchObject([{ cell: { path: 'd/t/c/1' }, count: 2 }])
  })

  it('finds a chosen issue at its report, else in its cell, else nowhere', () => {
    const report = { card: { issue: 'over', position: [120.15, 30.05] } as unknown as ReportCard }
    expect(standsAt('over', rows, [report], ground)).toEqual([120.15, 30.05])
    expect(standsAt('calm', rows, [report], ground)).toEqual([120.11, 30.11])
    expect(standsAt('closed', rows, [report], ground)).toBeNull()
  })

  it('shows the desk where each report is', () => {
    const report = { card: { issue: 'over', position: [120.15, 30.05] } as unknown as ReportCard }
    const gone = { card: { issue: 'closed', position: [120, 30] } as unknown as ReportCard }
    expect(exactPoints(rows, [report, gone]).features).toMatchObject([{ geometry: { coordinates: [120.15, 30.05] } }])
  })

  it('makes one of those that would hide each other, as the worst, and loses none', () => {
    const reports = [
      { card: { issue: 'calm', position: [120.1, 30.1] } as unknown as ReportCard },
      { card: { issue: 'over', position: [120.1001, 30.1] } as unknown as ReportCard },
      { card: { issue: 'calm', position: [120.3, 30.3] } as unknown as ReportCard },
    ]
    const project = ([lon, lat]: LonLat) => ({ x: lon * 1000, y: lat * 1000 })
    const found = clustersOf(exactPoints(rows, reports).features, project, 20)
    expect(found).toEqual([
      { issue: 'calm', cell: null, issues: ['calm'], rank: 0, count: 0, grave: 0, at: [120.3, 30.3] },
      { issue: null, cell: null, issues: ['over', 'calm'], rank: 2, count: 2, grave: 1, at: [120.1001, 30.1] },
    ])
  })
})

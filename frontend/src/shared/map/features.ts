/** From cards to what the map draws. Pure. */

import type { Feature, FeatureCollection, MultiPolygon, Point, Polygon, Position } from 'geojson'
import type { Row } from '../board'
import type { Light } from '../lights'
import type { ReportCard } from '../protocol'

export type Mark = Light | 'urgent'

export interface PointProperties {
  issue: string
  mark: Mark
  count: number
  rank: number
}

const RANK: Record<Mark, number> = { green: 0, amber: 1, red: 2, urgent: 3 }

export const markOf = (row: Row): Mark => (row.pinned ? 'urgent' : row.light)

/** The middle of a polygon's outer ring, weighted by area; for several parts, of the largest. (lon, lat). */
export function middleOf(geometry: Polygon | MultiPolygon): [number, number] {
  const rings = geometry.type === 'Polygon' ? [geometry.coordinates[0]] : geometry.coordinates.map((part) => part[0])
  let best: { area: number; at: [number, number] } = { area: -1, at: [0, 0] }
  for (const ring of rings) {
    if (!ring?.[0]) continue
    const found = centroid(ring)
    if (found.area > best.area) best = found
  }
  return best.at
}

function centroid(ring: Position[]): { area: number; at: [number, number] } {
  const [ox = 0, oy = 0] = ring[0] ?? []
  let twice = 0
  let x = 0
  let y = 0
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [ax = 0, ay = 0] = ring[i] ?? []
    const [bx = 0, by = 0] = ring[i + 1] ?? []
    const cross = (ax - ox) * (by - oy) - (bx - ox) * (ay - oy)
    twice += cross
    x += (ax + bx - 2 * ox) * cross
    y += (ay + by - 2 * oy) * cross
  }
  if (twice === 0) return { area: 0, at: [ox, oy] }
  return { area: Math.abs(twice) / 2, at: [ox + x / (3 * twice), oy + y / (3 * twice)] }
}

function collection(features: Feature<Point, PointProperties>[]): FeatureCollection<Point, PointProperties> {
  // The grave is drawn last, over the rest.
  features.sort((a, b) => a.properties.rank - b.properties.rank)
  return { type: 'FeatureCollection', features }
}

const pointAt = (at: readonly [number, number], row: Row, mark: Mark, count: number): Feature<Point, PointProperties> => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [at[0], at[1]] },
  properties: { issue: row.id, mark, count, rank: RANK[mark] },
})

/** One dot for each report with a position: the desk may see exactly where. */
export function exactPoints(
  rows: readonly Row[],
  reports: Iterable<{ card: ReportCard }>,
): FeatureCollection<Point, PointProperties> {
  const open = new Map(rows.map((row) => [row.id, row]))
  const features: Feature<Point, PointProperties>[] = []
  for (const { card } of reports) {
    const row = open.get(card.issue)
    if (row && card.position) features.push(pointAt(card.position, row, markOf(row), 1))
  }
  return collection(features)
}

/** One dot for each cell with issues, at the cell's middle: the wall must not point at a household. */
export function cellPoints(
  rows: readonly Row[],
  middles: ReadonlyMap<string, [number, number]>,
): FeatureCollection<Point, PointProperties> {
  const cells = new Map<string, { worst: Row; count: number }>()
  for (const row of rows) {
    const id = row.card.cell?.id
    if (id === undefined || !middles.has(id)) continue
    const found = cells.get(id)
    if (!found) cells.set(id, { worst: row, count: 1 })
    else {
      found.count += 1
      if (RANK[markOf(row)] > RANK[markOf(found.worst)]) found.worst = row
    }
  }
  const features: Feature<Point, PointProperties>[] = []
  for (const [id, { worst, count }] of cells) {
    const at = middles.get(id)
    if (at) features.push(pointAt(at, worst, markOf(worst), count))
  }
  return collection(features)
}

/** From cards to what the map draws. Pure. */

import type { Feature, FeatureCollection, Point } from 'geojson'
import type { Row } from '../board'
import type { Light } from '../lights'
import type { ReportCard } from '../protocol'
import type { Ground } from './ground'

export type Mark = Light | 'urgent'

export interface PointProperties {
  issue: string
  mark: Mark
  count: number
  rank: number
}

const RANK: Record<Mark, number> = { green: 0, amber: 1, red: 2, urgent: 3 }
/** A mark by its rank: a cluster is drawn as the worst in it. */
export const MARKS: readonly Mark[] = ['green', 'amber', 'red', 'urgent']

export const markOf = (row: Row): Mark => (row.pinned ? 'urgent' : row.light)

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
  ground: Pick<Ground, 'byId'>,
): FeatureCollection<Point, PointProperties> {
  const cells = new Map<string, { worst: Row; count: number }>()
  for (const row of rows) {
    const id = row.card.cell?.id
    if (id === undefined || !ground.byId.has(id)) continue
    const found = cells.get(id)
    if (!found) cells.set(id, { worst: row, count: 1 })
    else {
      found.count += 1
      if (RANK[markOf(row)] > RANK[markOf(found.worst)]) found.worst = row
    }
  }
  const features: Feature<Point, PointProperties>[] = []
  for (const [id, { worst, count }] of cells) {
    const at = ground.byId.get(id)?.at
    if (at) features.push(pointAt(at, worst, markOf(worst), count))
  }
  return collection(features)
}

/** From cards to what the map draws. Pure. */

import type { Feature, FeatureCollection, Point } from 'geojson'
import type { Row } from '../board'
import type { Light } from '../lights'
import type { ReportCard } from '../protocol'
import type { Ground } from './ground'

export type Mark = Light | 'urgent'
export type LonLat = readonly [lon: number, lat: number]

export interface PointProperties {
  issue: string
  /** Path and name of the cell that the mark stands for; empty when it stands for one report. */
  cell: string
  name: string
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

const pointAt = (at: LonLat, mark: Mark, more: Omit<PointProperties, 'mark' | 'rank'>): Feature<Point, PointProperties> => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [at[0], at[1]] },
  properties: { ...more, mark, rank: RANK[mark] },
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
    if (row && card.position) features.push(pointAt(card.position, markOf(row), { issue: row.id, cell: '', name: '', count: 1 }))
  }
  return collection(features)
}

/** One dot for each cell with issues, at the cell's middle: the wall must not point at a household. The dot is the
 * `selected` issue's where that lies in the cell, else the worst one's; its mark is the worst one's. */
export function cellPoints(
  rows: readonly Row[],
  ground: Pick<Ground, 'byId'>,
  selected: string | null = null,
): FeatureCollection<Point, PointProperties> {
  const cells = new Map<string, { worst: Row; chosen: boolean; count: number }>()
  for (const row of rows) {
    const id = row.card.cell?.id
    if (id === undefined || !ground.byId.has(id)) continue
    const found = cells.get(id) ?? { worst: row, chosen: false, count: 0 }
    found.count += 1
    if (RANK[markOf(row)] > RANK[markOf(found.worst)]) found.worst = row
    if (row.id === selected) found.chosen = true
    cells.set(id, found)
  }
  const features: Feature<Point, PointProperties>[] = []
  for (const [id, { worst, chosen, count }] of cells) {
    const place = ground.byId.get(id)
    if (!place) continue
    const issue = selected !== null && chosen ? selected : worst.id
    features.push(pointAt(place.at, markOf(worst), { issue, cell: place.path, name: place.name, count }))
  }
  return collection(features)
}

/** Where an issue is on the map: at its report, where that may be shown, else in the middle of its cell; null: nowhere. */
export function standsAt(
  issue: string,
  rows: readonly Row[],
  reports: Iterable<{ card: ReportCard }>,
  ground: Pick<Ground, 'byId'>,
): LonLat | null {
  for (const { card } of reports) if (card.issue === issue && card.position) return card.position
  const cell = rows.find((row) => row.id === issue)?.card.cell?.id
  return (cell === undefined ? undefined : ground.byId.get(cell)?.at) ?? null
}

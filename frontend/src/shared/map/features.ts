/** From cards to what the map draws. Pure. */

import type { Feature, FeatureCollection, Point } from 'geojson'
import type { Row } from '../board'
import type { Light } from '../lights'
import type { ReportCard } from '@/api/cards'
import type { Ground } from './ground'

export type Mark = Light | 'urgent'
export type LonLat = readonly [lon: number, lat: number]

export interface PointProperties {
  issue: string
  /** Path and name of the cell that the mark stands for; empty when it stands for one report. */
  cell: string
  name: string
  mark: Mark
  rank: number
  /** How many issues it stands for; 0 for a further report of an issue that has its own dot. */
  count: number
  /** How many of them are of each rank: the number beside a mark is of the severity that the mark shows. */
  n0: number
  n1: number
  n2: number
  n3: number
}

/** The number of those that are as grave as the mark. */
export const graveOf = (properties: PointProperties): number => properties[`n${String(properties.rank)}` as 'n0' | 'n1' | 'n2' | 'n3']

const RANK: Record<Mark, number> = { green: 0, amber: 1, red: 2, urgent: 3 }
/** A mark by its rank: a cluster is drawn as the worst in it. */
export const MARKS: readonly Mark[] = ['green', 'amber', 'red', 'urgent']

export const markOf = (row: Row): Mark => (row.pinned ? 'urgent' : row.light)

function collection(features: Feature<Point, PointProperties>[]): FeatureCollection<Point, PointProperties> {
  // The grave is drawn last, over the rest.
  features.sort((a, b) => a.properties.rank - b.properties.rank)
  return { type: 'FeatureCollection', features }
}

type Marks = Readonly<Record<Mark, number>>
const NONE: Marks = { green: 0, amber: 0, red: 0, urgent: 0 }

function pointAt(at: LonLat, mark: Mark, marks: Marks, more: Pick<PointProperties, 'issue' | 'cell' | 'name'>): Feature<Point, PointProperties> {
  const { green: n0, amber: n1, red: n2, urgent: n3 } = marks
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [at[0], at[1]] },
    properties: { ...more, mark, rank: RANK[mark], count: n0 + n1 + n2 + n3, n0, n1, n2, n3 },
  }
}

/** One dot for each report with a position: the desk may see exactly where. An issue counts once, however many told of it. */
export function exactPoints(
  rows: readonly Row[],
  reports: Iterable<{ card: ReportCard }>,
): FeatureCollection<Point, PointProperties> {
  const open = new Map(rows.map((row) => [row.id, row]))
  const features: Feature<Point, PointProperties>[] = []
  const counted = new Set<string>()
  for (const { card } of reports) {
    const row = open.get(card.issue)
    if (!row || !card.position) continue
    const mark = markOf(row)
    features.push(pointAt(card.position, mark, counted.has(row.id) ? NONE : { ...NONE, [mark]: 1 }, { issue: row.id, cell: '', name: '' }))
    counted.add(row.id)
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
  const cells = new Map<string, { worst: Row; chosen: boolean; marks: Record<Mark, number> }>()
  for (const row of rows) {
    const id = row.card.cell?.id
    if (id === undefined || !ground.byId.has(id)) continue
    const found = cells.get(id) ?? { worst: row, chosen: false, marks: { ...NONE } }
    found.marks[markOf(row)] += 1
    if (RANK[markOf(row)] > RANK[markOf(found.worst)]) found.worst = row
    if (row.id === selected) found.chosen = true
    cells.set(id, found)
  }
  const features: Feature<Point, PointProperties>[] = []
  for (const [id, { worst, chosen, marks }] of cells) {
    const place = ground.byId.get(id)
    if (!place) continue
    const issue = selected !== null && chosen ? selected : worst.id
    features.push(pointAt(place.at, markOf(worst), marks, { issue, cell: place.path, name: place.name }))
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

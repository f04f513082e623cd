/** Marks too near each other become one, as the worst of them, with how many are so. Pure; for the map on canvas. */

import type { Feature, Point } from 'geojson'
import { graveOf } from './features'
import type { LonLat, PointProperties } from './features'

export interface Cluster {
  /** The issue to open where the mark stands for one alone. */
  issue: string | null
  /** The cell to open where it stands for several issues of one cell. */
  cell: { path: string; name: string } | null
  issues: string[]
  rank: number
  count: number
  /** How many are as grave as the mark. */
  grave: number
  at: [number, number]
}

const ofRank = (properties: PointProperties, rank: number): number => graveOf({ ...properties, rank })

/**
 * The marks of a view, the grave last. Each takes in all within `radius` of where it stands on the screen; the gravest
 * begin, so that none of them moves. `project` gives the points of the screen for (lon, lat).
 */
export function clustersOf(
  points: readonly Feature<Point, PointProperties>[],
  project: (at: LonLat) => { x: number; y: number } | null,
  radius: number,
): Cluster[] {
  const squares = new Map<string, { x: number; y: number; cluster: Cluster }[]>()
  const found: Cluster[] = []
  const square = (value: number): number => Math.floor(value / radius)
  for (const { geometry, properties } of [...points].sort((a, b) => b.properties.rank - a.properties.rank)) {
    const [lon = 0, lat = 0] = geometry.coordinates
    const point = project([lon, lat])
    if (!point) continue
    const { x, y } = point
    let near: Cluster | undefined
    for (let dx = -1; dx <= 1 && !near; dx += 1) {
      for (let dy = -1; dy <= 1 && !near; dy += 1) {
        const here = squares.get(`${String(square(x) + dx)}/${String(square(y) + dy)}`)
        near = here?.find((one) => Math.hypot(one.x - x, one.y - y) <= radius)?.cluster
      }
    }
    if (near) {
      near.issue = near.cell = null
      near.issues.push(properties.issue)
      near.count += properties.count
      near.grave += ofRank(properties, near.rank)
      continue
    }
    const cluster: Cluster = {
      issue: properties.issue,
      cell: properties.count > 1 ? { path: properties.cell, name: properties.name } : null,
      issues: [properties.issue],
      rank: properties.rank,
      count: properties.count,
      grave: graveOf(properties),
      at: [lon, lat],
    }
    found.push(cluster)
    const key = `${String(square(x))}/${String(square(y))}`
    squares.set(key, [...(squares.get(key) ?? []), { x, y, cluster }])
  }
  return found.reverse()
}

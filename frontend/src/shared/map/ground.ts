/** What every map of this centre stands on: where its cells are, which belong to which, and how fine to draw them. Pure. */

import type { FeatureCollection, Point } from 'geojson'
import type { CellLoad } from '../board'

export type Tier = 'district' | 'township' | 'community' | 'grid' | 'micro_grid'

export interface MiddleProperties {
  id: string
  name: string
  path: string
  tier: Tier
}

/** `GET /cells/middles`: a point in each cell down to the grids. */
export interface Middles extends FeatureCollection<Point, MiddleProperties> {
  bbox: [number, number, number, number]
  counts: Partial<Record<Tier, number>>
}

export interface Place {
  id: string
  path: string
  name: string
  tier: Tier
  at: [number, number]
}

export interface Ground {
  bounds: [[number, number], [number, number]]
  byPath: ReadonlyMap<string, Place>
  byId: ReadonlyMap<string, Place>
  /** Tiers that are drawn as areas, coarse to fine, and from which zoom each is shown (tiles of 512 points). */
  levels: readonly Level[]
}

export interface Level {
  tier: Tier
  from: number
  to: number
}

const TIERS: readonly Tier[] = ['township', 'community', 'grid', 'micro_grid']
const SIDE_PX = 30 // a cell is drawn from the zoom at which it is about as wide as this
const WORLD_PX = 512
const LEAST_DEGREES = 0.004 // of a place with one cell: about 400 m
const EARTH_M = 40_075_016
export const MOST_ZOOM = 22

/** Number of a cell's feature in the tiles: the first 48 bits of its id, as the server numbers them. */
export const featureOf = (id: string): number => parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

/** From each zoom on the finest tier whose cells can be told apart; `scale` is how much larger all is drawn (a wall). */
export function levelsOf(middles: Pick<Middles, 'bbox' | 'counts'>, scale = 1): Level[] {
  const [west, south, east, north] = middles.bbox
  const degree = (EARTH_M / 360) * Math.cos((((south + north) / 2) * Math.PI) / 180)
  const area = Math.max(1, (east - west) * degree * (north - south) * (EARTH_M / 360))
  const pointAtZero = (EARTH_M / WORLD_PX) * Math.cos((((south + north) / 2) * Math.PI) / 180)
  const levels: Level[] = []
  for (const tier of TIERS) {
    const count = middles.counts[tier] ?? 0
    if (count === 0) continue
    const side = Math.sqrt(area / count)
    const from = Math.log2((SIDE_PX * scale * pointAtZero) / side)
    const last = levels.at(-1)
    if (last) last.to = Math.max(last.from, Number(from.toFixed(2)))
    levels.push({ tier, from: last ? last.to : 0, to: MOST_ZOOM + 2 })
  }
  return levels
}

/** The extent of what lies in a place, by the middles of its cells, with as much around them as a cell is wide. */
function extentOf(middles: Middles, within: string): Middles['bbox'] | null {
  const found = middles.features.filter(({ properties: { path } }) => path === within || path.startsWith(`${within}/`))
  const lon = found.map(({ geometry }) => geometry.coordinates[0] ?? 0)
  const lat = found.map(({ geometry }) => geometry.coordinates[1] ?? 0)
  if (found.length === 0) return null
  const [west, south, east, north] = [Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)]
  const around = Math.max(LEAST_DEGREES, east - west, north - south) / (2 * Math.sqrt(found.length))
  return [west - around, south - around, east + around, north + around]
}

/** `within`: the path of the place that the map shows at first; without one the whole district. */
export function groundOf(middles: Middles, scale = 1, within?: string): Ground {
  const byPath = new Map<string, Place>()
  const byId = new Map<string, Place>()
  for (const { properties, geometry } of middles.features) {
    const [lon = 0, lat = 0] = geometry.coordinates
    const place: Place = { ...properties, at: [lon, lat] }
    byPath.set(properties.path, place)
    byId.set(properties.id, place)
  }
  const [west, south, east, north] = (within ? extentOf(middles, within) : null) ?? middles.bbox
  return {
    bounds: [
      [west, south],
      [east, north],
    ],
    byPath,
    byId,
    levels: levelsOf(middles, scale),
  }
}

/** Whether a map may go there: not farther beyond the district than the district is wide. What lies on another continent is followed by nobody. */
export function isNear([[west, south], [east, north]]: Ground['bounds'], [lon, lat]: readonly [number, number]): boolean {
  const [wide, high] = [Math.max(east - west, LEAST_DEGREES), Math.max(north - south, LEAST_DEGREES)]
  return lon >= west - wide && lon <= east + wide && lat >= south - high && lat <= north + high
}

/** How a cell is shaded: `load` 0 to 3 by its open issues, `late` the share of them that is past due, and the worst. */
export interface Shade {
  open: number
  load: 0 | 1 | 2 | 3
  late: number
  worst: '' | 'amber' | 'red'
}

/** Open issues from which a cell of a tier is a shade darker. A township of ten issues is quiet, a grid of ten is not. */
export const LOAD_STEPS: Record<Tier, readonly [number, number, number]> = {
  district: [1, 100, 400],
  township: [1, 15, 40],
  community: [1, 4, 10],
  grid: [1, 3, 6],
  micro_grid: [1, 2, 4],
}

function loadOf(open: number, tier: Tier): 0 | 1 | 2 | 3 {
  const [one, two, three] = LOAD_STEPS[tier]
  return open >= three ? 3 : open >= two ? 2 : open >= one ? 1 : 0
}

export type Sum = Omit<CellLoad, 'cell'> & { place: Place }

/** What lies in each cell with issues, of each tier, by the cell's id: it counts in all above it. */
export function sumsOf(loads: ReadonlyMap<string, CellLoad>, ground: Pick<Ground, 'byPath'>): Map<string, Sum> {
  const sums = new Map<string, Sum>()
  for (const load of loads.values()) {
    const steps = load.cell.path.split('/')
    for (let depth = steps.length; depth > 1; depth -= 1) {
      const place = ground.byPath.get(steps.slice(0, depth).join('/'))
      if (!place) continue
      let sum = sums.get(place.id)
      if (!sum) sums.set(place.id, (sum = { place, open: 0, amber: 0, red: 0, urgent: 0, sensitive: 0 }))
      sum.open += load.open
      sum.amber += load.amber
      sum.red += load.red
      sum.urgent += load.urgent
      sum.sensitive += load.sensitive
    }
  }
  return sums
}

/** What cells are shaded by: how much is open, how much of it is late, or both at once (where nobody can ask: a wall). */
export type Shading = 'both' | 'load' | 'late'

/** The shade of each cell with issues, of each tier, by the cell's id. */
export function shadesOf(loads: ReadonlyMap<string, CellLoad>, ground: Pick<Ground, 'byPath'>, by: Shading = 'both'): Map<string, Shade> {
  const shades = new Map<string, Shade>()
  for (const [id, { place, open, amber, red }] of sumsOf(loads, ground)) {
    shades.set(id, {
      open,
      load: by === 'late' ? 0 : loadOf(open, place.tier),
      late: Math.round((red / Math.max(1, open)) * 20) / 20, // by twentieths: a map need not be told of less
      worst: by === 'load' ? '' : red > 0 ? 'red' : amber > 0 ? 'amber' : '',
    })
  }
  return shades
}

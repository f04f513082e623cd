/** The map's layers. Each function adds, and returns what changes it. The map is passed in. */

import type { FeatureCollection, Point } from 'geojson'
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import type { PointProperties } from './features'
import { MARKS, graveOf } from './features'
import { featureOf } from './ground'
import type { Ground, Level, Shade, Tier } from './ground'
import { fillOf } from './palette'
import type { Palette } from './palette'

const FONT = ['sans-serif']
const TILES_UP_TO: Record<Tier, number> = { district: 8, township: 9, community: 11, grid: 12, micro_grid: 14 }

export const sourceOf = (tier: Tier): string => `cells-${tier}`
const fillId = (tier: Tier): string => `fill-${tier}`

export interface CellsLayer {
  /** The layers that stand for cells, for questions about what lies under a point. */
  readonly areas: readonly string[]
  /** Shades the cells; only what changed is told to the map. */
  show(shades: ReadonlyMap<string, Shade>, selected: string | null): void
}

/** Cells as vector tiles, at each zoom the finest tier that can be told apart, with the borders of those above. */
export function cellsLayer(map: MapLibre, ground: Ground, palette: Palette, scale: number): CellsLayer {
  const shaded = ground.levels.filter((level) => level.tier !== 'micro_grid')
  const finest = shaded.at(-1)
  const told = new Map<string, string>()

  for (const { tier } of ground.levels) {
    map.addSource(sourceOf(tier), {
      type: 'vector',
      tiles: [`${location.origin}/api/v1/tiles/${tier}/{z}/{x}/{y}.mvt`],
      maxzoom: TILES_UP_TO[tier],
      bounds: [...ground.bounds[0], ...ground.bounds[1]] as [number, number, number, number],
    })
  }
  const between = (level: Level, last: boolean): { minzoom: number; maxzoom?: number } =>
    last ? { minzoom: level.from } : { minzoom: level.from, maxzoom: level.to }
  for (const level of shaded) {
    map.addLayer({
      id: fillId(level.tier),
      type: 'fill',
      source: sourceOf(level.tier),
      'source-layer': 'cells',
      ...between(level, level === finest),
      paint: {
        'fill-color': ['to-color', ['coalesce', ['feature-state', 'fill'], palette.cell[0]]],
        'fill-antialias': false,
      },
    })
  }
  for (const level of ground.levels) {
    map.addLayer({
      id: `line-${level.tier}`,
      type: 'line',
      source: sourceOf(level.tier),
      'source-layer': 'cells',
      ...between(level, level === finest || level.tier === 'micro_grid'),
      paint: { 'line-color': palette.line, 'line-width': (level.tier === 'micro_grid' ? 0.6 : 1) * scale },
    })
  }
  // Borders of what lies above stay when finer cells are drawn: one always knows whose ground it is.
  for (const [tier, width] of [['community', 1.1], ['township', 2]] as const) {
    const level = ground.levels.find((one) => one.tier === tier)
    if (!level || level === finest) continue
    map.addLayer({
      id: `border-${tier}`,
      type: 'line',
      source: sourceOf(tier),
      'source-layer': 'cells',
      minzoom: tier === 'township' ? 0 : level.to,
      paint: { 'line-color': palette.border, 'line-width': width * scale, 'line-opacity': tier === 'township' ? 0.85 : 0.4 },
    })
  }
  for (const level of shaded) {
    map.addLayer({
      id: `selected-${level.tier}`,
      type: 'line',
      source: sourceOf(level.tier),
      'source-layer': 'cells',
      filter: ['==', ['get', 'id'], ''],
      paint: { 'line-color': palette.selected, 'line-width': 3.5 * scale },
    })
  }

  let chosen: string | null = null
  function show(shades: ReadonlyMap<string, Shade>, selected: string | null): void {
    for (const [id, shade] of shades) {
      const tier = ground.byId.get(id)?.tier
      const fill = fillOf(shade, palette)
      if (!tier || told.get(id) === fill || !map.getSource(sourceOf(tier))) continue
      told.set(id, fill)
      map.setFeatureState({ source: sourceOf(tier), sourceLayer: 'cells', id: featureOf(id) }, { fill })
    }
    for (const id of told.keys()) {
      const tier = ground.byId.get(id)?.tier
      if (shades.has(id) || !tier) continue
      told.delete(id)
      map.removeFeatureState({ source: sourceOf(tier), sourceLayer: 'cells', id: featureOf(id) }, 'fill')
    }
    if (chosen === selected) return
    chosen = selected
    for (const { tier } of shaded) map.setFilter(`selected-${tier}`, ['==', ['get', 'id'], selected ?? ''])
  }

  return { areas: shaded.map((level) => fillId(level.tier)), show }
}

/** Water and roads, quiet, under the cells' lines; fetched and cut up by the map's worker. */
export function basemapLayer(map: MapLibre, ground: Ground, palette: Palette, scale: number): void {
  const before = `line-${ground.levels[0]?.tier ?? ''}`
  const under = map.getLayer(before) ? before : undefined
  const streetsFrom = ground.levels.find((level) => level.tier === 'grid')?.from ?? 12
  map.addSource('basemap', { type: 'geojson', data: `${location.origin}/api/v1/basemap`, tolerance: 0.6 })
  const kind = (...kinds: string[]) => ['in', ['get', 'kind'], ['literal', kinds]] as never
  map.addLayer(
    { id: 'lakes', type: 'fill', source: 'basemap', filter: kind('lake'), paint: { 'fill-color': palette.water } },
    under,
  )
  map.addLayer(
    {
      id: 'rivers',
      type: 'line',
      source: 'basemap',
      filter: kind('river', 'stream'),
      paint: {
        'line-color': palette.water,
        'line-width': ['match', ['get', 'kind'], 'river', 4 * scale, 1.6 * scale],
      },
    },
    under,
  )
  map.addLayer(
    {
      id: 'roads',
      type: 'line',
      source: 'basemap',
      filter: kind('trunk_road', 'main_road'),
      paint: {
        'line-color': palette.road,
        'line-width': ['match', ['get', 'kind'], 'trunk_road', 3 * scale, 1.5 * scale],
      },
    },
    under,
  )
  map.addLayer(
    {
      id: 'streets',
      type: 'line',
      source: 'basemap',
      filter: kind('street'),
      minzoom: streetsFrom + 1.5,
      paint: { 'line-color': palette.road, 'line-width': scale },
    },
    under,
  )
}

/** Where a name may stand, in ems from its place's middle: below it first, then wherever no mark lies. */
const BESIDE_MARKS: (string | [number, number])[] = [
  'top', [0, 0.9],
  'bottom', [0, -0.9],
  'top-left', [0.8, 0.6],
  'top-right', [-0.8, 0.6],
  'bottom-left', [0.8, -0.6],
  'bottom-right', [-0.8, -0.6],
  'left', [1, 0],
  'right', [-1, 0],
  'top', [0, 2],
  'bottom', [0, -2],
  'left', [2, 1.3],
  'right', [-2, 1.3],
  'left', [2, -1.3],
  'right', [-2, -1.3],
  'top', [0, 3],
  'bottom', [0, -3],
]

/** Names of places beside their middles: townships always, finer ones where there is room. */
export function namesLayer(map: MapLibre, ground: Ground, palette: Palette, scale: number): void {
  const tiers: readonly Tier[] = ['township', 'community', 'grid']
  const features = [...ground.byId.values()]
    .filter((place) => tiers.includes(place.tier))
    .map((place) => ({
      type: 'Feature' as const,
      geometry: { type: 'Point' as const, coordinates: place.at },
      properties: { name: place.name, tier: place.tier },
    }))
  map.addSource('names', { type: 'geojson', data: { type: 'FeatureCollection', features } })
  for (const tier of tiers) {
    const level = ground.levels.find((one) => one.tier === tier)
    if (!level) continue
    map.addLayer({
      id: `names-${tier}`,
      type: 'symbol',
      source: 'names',
      filter: ['==', ['get', 'tier'], tier],
      minzoom: tier === 'township' ? 0 : level.from + 1.6,
      layout: {
        'text-field': ['get', 'name'],
        'text-size': (tier === 'township' ? 15 : 12) * scale,
        'text-font': FONT,
        'text-padding': tier === 'township' ? 1 : 6, // the finer ones leave each other air
        'text-variable-anchor-offset': BESIDE_MARKS,
        'text-allow-overlap': tier === 'township',
        'symbol-sort-key': tiers.indexOf(tier),
      },
      paint: { 'text-color': palette.label, 'text-halo-color': palette.halo, 'text-halo-width': 1.6 * scale },
    })
  }
}

export interface PointsLayer {
  show(points: FeatureCollection<Point, PointProperties>, selected: string | null): void
}

/** Issues as marks. Those too near each other are one mark, drawn as the worst of them, with how many are so. */
export function pointsLayer(map: MapLibre, palette: Palette, options: { scale: number }): PointsLayer {
  const { scale } = options
  const empty: FeatureCollection = { type: 'FeatureCollection', features: [] }
  map.addSource('issues', {
    type: 'geojson',
    data: empty,
    cluster: true,
    clusterRadius: 30 * scale,
    clusterMaxZoom: 17,
    clusterProperties: {
      worst: ['max', ['get', 'rank']],
      total: ['+', ['get', 'count']],
      n0: ['+', ['get', 'n0']],
      n1: ['+', ['get', 'n1']],
      n2: ['+', ['get', 'n2']],
      n3: ['+', ['get', 'n3']],
    },
  })
  map.addSource('chosen', { type: 'geojson', data: empty })
  const rank = ['coalesce', ['get', 'worst'], ['get', 'rank'], 0]
  const total = ['coalesce', ['get', 'total'], ['get', 'count'], 1]
  /** Of the severity that the mark shows: 急 59 would say that 59 are urgent. */
  const grave = ['match', rank, 3, ['get', 'n3'], 2, ['get', 'n2'], 1, ['get', 'n1'], ['get', 'n0']]
  const mark = {
    'icon-image': ['concat', 'mark-', ['at', rank, ['literal', MARKS]]] as never,
    'icon-allow-overlap': true,
    'icon-size': ['step', total, scale, 10, scale * 1.2, 50, scale * 1.4] as never,
    'symbol-sort-key': rank as never,
  }
  map.addLayer({
    id: 'issues',
    type: 'symbol',
    source: 'issues',
    layout: {
      ...mark,
      'text-field': ['case', ['>', total, 1], ['to-string', grave], ''] as never,
      'text-font': FONT,
      'text-size': ['step', total, 14 * scale, 10, 16 * scale, 50, 18 * scale] as never,
      'text-offset': [0.85, 0],
      'text-anchor': 'left',
      'text-allow-overlap': true,
    },
    paint: { 'text-color': palette.label, 'text-halo-color': palette.halo, 'text-halo-width': 2 * scale },
  })
  map.addLayer({
    id: 'chosen-ring',
    type: 'circle',
    source: 'chosen',
    paint: {
      'circle-radius': 17 * scale,
      'circle-color': 'rgba(0,0,0,0)',
      'circle-stroke-color': palette.selected,
      'circle-stroke-width': 3 * scale,
    },
  })
  map.addLayer({ id: 'chosen', type: 'symbol', source: 'chosen', layout: mark })

  let shown = ''
  let ring = ''
  return {
    show(points, selected) {
      const text = JSON.stringify(points.features.map((one) => [one.geometry.coordinates, one.properties.rank, one.properties.count, graveOf(one.properties), one.properties.issue]))
      if (text !== shown) map.getSource<GeoJSONSource>('issues')?.setData(points)
      shown = text
      const chosen = points.features.filter((one) => one.properties.issue === selected)
      const now = JSON.stringify(chosen)
      if (now !== ring) map.getSource<GeoJSONSource>('chosen')?.setData({ type: 'FeatureCollection', features: chosen })
      ring = now
    },
  }
}

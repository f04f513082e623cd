/** The map's layers. Each function adds, and returns its own undo together with what changes it. The map is passed in. */

import type { FeatureCollection, Point } from 'geojson'
import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import type { Cells } from '@/api/calls'
import type { CellLoad } from '../board'
import { middleOf } from './features'
import type { PointProperties } from './features'
import type { Palette } from './palette'

const LOAD_STEPS = [1, 3, 6] as const // open issues from which a cell is a shade darker

export interface CellsLayer {
  /** Shades each cell by its load and edges it by its worst light; only what changed is told to the map. */
  show(loads: ReadonlyMap<string, CellLoad>, selected: string | null): void
  remove(): void
}

/** Cells of the finest tier drawn, with the outlines and names of the tiers above. */
export function cellsLayer(map: MapLibre, cells: Cells, outlines: readonly Cells[], palette: Palette, scale: number): CellsLayer {
  const byId = new Map(cells.features.map((feature) => [feature.properties.id, Number(feature.id)]))
  const shown = new Map<number, string>()
  map.addSource('cells', { type: 'geojson', data: cells })
  map.addLayer({
    id: 'cells-fill',
    type: 'fill',
    source: 'cells',
    paint: {
      'fill-color': [
        'step',
        ['coalesce', ['feature-state', 'open'], 0],
        palette.cell[0] ?? '#fff',
        LOAD_STEPS[0],
        palette.cell[1] ?? '#eee',
        LOAD_STEPS[1],
        palette.cell[2] ?? '#ddd',
        LOAD_STEPS[2],
        palette.cell[3] ?? '#ccc',
      ],
    },
  })
  map.addLayer({
    id: 'cells-tint',
    type: 'fill',
    source: 'cells',
    paint: {
      'fill-color': ['match', ['coalesce', ['feature-state', 'edge'], ''], 'red', palette.red, palette.amber],
      'fill-opacity': ['match', ['coalesce', ['feature-state', 'edge'], ''], 'red', 0.13, 'amber', 0.16, 0],
    },
  })
  map.addLayer({
    id: 'cells-line',
    type: 'line',
    source: 'cells',
    paint: { 'line-color': palette.line, 'line-width': scale },
  })
  map.addLayer({
    id: 'cells-edge',
    type: 'line',
    source: 'cells',
    paint: {
      'line-color': ['match', ['coalesce', ['feature-state', 'edge'], ''], 'red', palette.red, 'amber', palette.amber, palette.selected],
      'line-width': ['match', ['coalesce', ['feature-state', 'edge'], ''], 'selected', 3.5 * scale, 'red', 2 * scale, 'amber', 2 * scale, 0],
      'line-offset': 1,
    },
  })
  outlines.forEach((tier, index) => {
    const id = `outline-${String(index)}`
    map.addSource(id, { type: 'geojson', data: tier })
    map.addLayer({
      id,
      type: 'line',
      source: id,
      paint: { 'line-color': palette.border, 'line-width': (1.2 + index * 1.2) * scale },
    })
  })
  const named = outlines[0]
  if (named) {
    // One name a place, at its middle: a polygon that spans tiles would be named in each.
    const at = named.features.map((place) => ({
      type: 'Feature' as const,
      geometry: { type: 'Point' as const, coordinates: middleOf(place.geometry) },
      properties: { name: place.properties.name },
    }))
    map.addSource('names', { type: 'geojson', data: { type: 'FeatureCollection', features: at } })
    map.addLayer({
      id: 'names',
      type: 'symbol',
      source: 'names',
      layout: { 'text-field': ['get', 'name'], 'text-size': 13 * scale, 'text-font': ['sans-serif'], 'text-padding': 8 },
      paint: { 'text-color': palette.label, 'text-halo-color': palette.halo, 'text-halo-width': 1.5 },
    })
  }

  function show(loads: ReadonlyMap<string, CellLoad>, selected: string | null): void {
    const now = new Map<number, string>()
    const state = (open: number, edge: string): string => `${String(open)}/${edge}`
    for (const [id, load] of loads) {
      const feature = byId.get(id)
      if (feature === undefined) continue
      const edge = id === selected ? 'selected' : load.red > 0 ? 'red' : load.amber > 0 ? 'amber' : ''
      now.set(feature, state(load.open, edge))
    }
    const chosen = selected === null ? undefined : byId.get(selected)
    if (chosen !== undefined && !now.has(chosen)) now.set(chosen, state(0, 'selected'))
    for (const [feature, text] of now) {
      if (shown.get(feature) === text) continue
      const [open, edge] = text.split('/')
      map.setFeatureState({ source: 'cells', id: feature }, { open: Number(open), edge: edge ?? '' })
    }
    for (const feature of shown.keys()) {
      if (!now.has(feature)) map.setFeatureState({ source: 'cells', id: feature }, { open: 0, edge: '' })
    }
    shown.clear()
    for (const [feature, text] of now) shown.set(feature, text)
  }

  function remove(): void {
    for (const id of ['names', ...outlines.map((_, index) => `outline-${String(index)}`), 'cells-edge', 'cells-line', 'cells-tint', 'cells-fill']) {
      if (map.getLayer(id)) map.removeLayer(id)
    }
    for (const id of ['cells', 'names', ...outlines.map((_, index) => `outline-${String(index)}`)]) {
      if (map.getSource(id)) map.removeSource(id)
    }
  }

  return { show, remove }
}

export interface PointsLayer {
  show(points: FeatureCollection<Point, PointProperties>): void
  select(issue: string | null): void
  remove(): void
}

/** Issues as marks; with counts where a dot stands for several. */
export function pointsLayer(map: MapLibre, palette: Palette, options: { counts: boolean; scale: number }): PointsLayer {
  const empty: FeatureCollection = { type: 'FeatureCollection', features: [] }
  map.addSource('issues', { type: 'geojson', data: empty })
  map.addLayer({
    id: 'issues-selected',
    type: 'circle',
    source: 'issues',
    filter: ['==', ['get', 'issue'], ''],
    paint: {
      'circle-radius': 17 * options.scale,
      'circle-color': 'rgba(0,0,0,0)',
      'circle-stroke-color': palette.selected,
      'circle-stroke-width': 3,
    },
  })
  map.addLayer({
    id: 'issues',
    type: 'symbol',
    source: 'issues',
    layout: {
      'icon-image': ['concat', 'mark-', ['get', 'mark']],
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
      'icon-size': options.scale,
      'symbol-sort-key': ['get', 'rank'],
      ...(options.counts
        ? {
            'text-field': ['case', ['>', ['get', 'count'], 1], ['to-string', ['get', 'count']], ''] as never,
            'text-font': ['sans-serif'],
            'text-size': 14 * options.scale,
            'text-offset': [1.1, 0] as [number, number],
            'text-anchor': 'left' as const,
            'text-allow-overlap': true,
          }
        : {}),
    },
    paint: { 'text-color': palette.label, 'text-halo-color': palette.halo, 'text-halo-width': 1.5 },
  })
  return {
    show(points) {
      map.getSource<GeoJSONSource>('issues')?.setData(points)
    },
    select(issue) {
      map.setFilter('issues-selected', ['==', ['get', 'issue'], issue ?? ''])
    },
    remove() {
      for (const id of ['issues', 'issues-selected']) if (map.getLayer(id)) map.removeLayer(id)
      if (map.getSource('issues')) map.removeSource('issues')
    },
  }
}

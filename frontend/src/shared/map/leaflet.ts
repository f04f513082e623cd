/** The map on canvas: cells as GeoJSON of the tier that fits, marks as elements of the page. For machines without WebGL2. */

import L from 'leaflet'
import 'leaflet/dist/leaflet.css'
import type { Feature } from 'geojson'
import { api } from '@/api/calls'
import type { Cells } from '@/api/calls'
import type { Cluster } from './clusters'
import { MARKS } from './features'
import type { Ground, Shade, Tier } from './ground'
import { fillOf } from './palette'
import type { Palette } from './palette'
import { markElement } from './marks'

export const PADDING_PX = 20
const GL_ZOOM = 1 // the same picture is one zoom further here: tiles of 256 points, not 512

export interface CanvasMapEvents {
  cell(id: string, name: string): void
  click(lon: number, lat: number): void
  moved(): void
}

export interface CanvasMap {
  readonly map: L.Map
  show(shades: ReadonlyMap<string, Shade>, selected: string | null): void
  mark(clusters: readonly Cluster[], selected: string | null, open: (cluster: Cluster) => void): void
  home(): void
  remove(): void
}

/** A map fitted to the district. `still`: nobody can move it. */
export function makeCanvasMap(
  place: HTMLElement,
  ground: Ground,
  palette: Palette,
  options: { still: boolean; scale: number },
  events: CanvasMapEvents,
): CanvasMap {
  const { still, scale } = options
  const map = L.map(place, {
    renderer: L.canvas({ padding: 0.3 }),
    preferCanvas: true,
    attributionControl: false,
    zoomControl: false,
    zoomAnimation: false,
    fadeAnimation: false,
    markerZoomAnimation: false,
    zoomSnap: 0.25,
    dragging: !still,
    scrollWheelZoom: !still,
    doubleClickZoom: !still,
    boxZoom: !still,
    keyboard: !still,
    touchZoom: !still,
  })
  if (!still) L.control.zoom({ position: 'bottomright' }).addTo(map)
  place.style.background = palette.ground
  const [[west, south], [east, north]] = ground.bounds
  const bounds = L.latLngBounds([south, west], [north, east])
  const home = (): void => void map.fitBounds(bounds, { padding: [PADDING_PX, PADDING_PX], animate: false })
  home()
  map.setMinZoom(map.getZoom() - 1)

  for (const [name, z] of [['cells', 200], ['water', 210], ['borders', 220], ['names', 300]] as const) {
    const pane = map.createPane(name)
    pane.style.zIndex = String(z)
    if (name !== 'cells') pane.style.pointerEvents = 'none'
  }
  const canvas = L.canvas({ padding: 0.3, pane: 'cells' })
  const quiet = L.canvas({ padding: 0.3, pane: 'water' })
  const over = L.canvas({ padding: 0.3, pane: 'borders' })
  const shaded = ground.levels.filter((level) => level.tier !== 'micro_grid')
  const tiers = new Map<Tier, Promise<Cells>>()
  let drawn: { tier: Tier; layer: L.GeoJSON } | null = null
  let shades: ReadonlyMap<string, Shade> = new Map()
  let selected: string | null = null
  let gone = false

  const cellsOf = (tier: Tier): Promise<Cells> => {
    let found = tiers.get(tier)
    if (!found) {
      tiers.set(tier, (found = api.cells(tier)))
      found.catch(() => tiers.delete(tier))
    }
    return found
  }
  const idOf = (feature?: Feature): string => String(feature?.properties?.id ?? '')
  const styleOf = (feature?: Feature): L.PathOptions => {
    const id = idOf(feature)
    const chosen = id !== '' && id === selected
    return {
      fillColor: fillOf(shades.get(id), palette),
      fillOpacity: 1,
      color: chosen ? palette.selected : palette.line,
      weight: (chosen ? 3.5 : 1) * scale,
    }
  }

  async function level(): Promise<void> {
    const zoom = map.getZoom() - GL_ZOOM
    const wanted = [...shaded].reverse().find((one) => zoom >= one.from) ?? shaded[0]
    if (!wanted || drawn?.tier === wanted.tier) return
    const cells = await cellsOf(wanted.tier).catch(() => null)
    if (!cells || gone || drawn?.tier === wanted.tier) return
    const layer = L.geoJSON(cells, {
      style: styleOf,
      onEachFeature(feature, path) {
        path.on('click', (event: L.LeafletMouseEvent) => {
          L.DomEvent.stop(event)
          events.click(event.latlng.lng, event.latlng.lat)
          events.cell(idOf(feature), String(feature.properties?.name ?? ''))
        })
      },
      ...{ renderer: canvas },
    })
    drawn?.layer.remove()
    drawn = { tier: wanted.tier, layer: layer.addTo(map) }
  }

  async function background(): Promise<void> {
    const [townships, water] = await Promise.all([cellsOf('township'), api.basemap()]).catch(() => [null, null])
    if (!townships || !water || gone) return
    L.geoJSON(townships, { style: { fill: false, color: palette.border, weight: 2 * scale }, ...{ renderer: over } }).addTo(map)
    L.geoJSON(water, {
      filter: (feature) => feature.properties?.kind !== 'street',
      style(feature) {
        const kind = String(feature?.properties?.kind)
        const wet = kind === 'river' || kind === 'stream' || kind === 'lake'
        const colour = wet ? palette.water : palette.road
        const wide = kind === 'river' ? 4 : kind === 'trunk_road' ? 3 : 1.5
        return { color: colour, fill: kind === 'lake', fillColor: colour, fillOpacity: 1, weight: wide * scale }
      },
      ...{ renderer: quiet },
    }).addTo(map)
  }
  void background()

  for (const at of ground.byId.values()) {
    if (at.tier !== 'township') continue
    const html = document.createElement('span')
    html.className = 'place-name'
    html.textContent = at.name
    const icon = L.divIcon({ html, className: 'place', iconSize: undefined })
    L.marker([at.at[1], at.at[0]], { icon, interactive: false, keyboard: false, pane: 'names' }).addTo(map)
  }

  const marks = L.layerGroup().addTo(map)
  map.on('zoomend moveend', () => {
    void level()
    events.moved()
  })
  map.on('click', (event: L.LeafletMouseEvent) => {
    events.click(event.latlng.lng, event.latlng.lat)
  })
  void level()

  return {
    map,
    show(now, chosen) {
      shades = now
      selected = chosen
      drawn?.layer.setStyle(styleOf)
    },
    mark(clusters, chosen, open) {
      marks.clearLayers()
      for (const cluster of clusters) {
        const kind = MARKS[cluster.rank] ?? 'green'
        const html = markElement(kind, palette, { count: cluster.count, grave: cluster.grave, chosen: chosen !== null && cluster.issues.includes(chosen), scale })
        const icon = L.divIcon({ html, className: 'issue-mark', iconSize: [22 * scale, 22 * scale] })
        const mark = L.marker([cluster.at[1], cluster.at[0]], { icon, keyboard: !still, interactive: !still })
        mark.on('click', () => {
          open(cluster)
        })
        mark.addTo(marks)
      }
    },
    home,
    remove() {
      gone = true
      map.remove()
    },
  }
}

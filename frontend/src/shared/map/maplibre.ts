/** The one place that makes a MapLibre map. Its worker is a file of ours: the policy allows no blob. */

import { Map as MapLibre, NavigationControl, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import type { Cells } from '@/api/calls'
import type { Palette } from './palette'

setWorkerUrl(workerUrl)

export type Bounds = [[number, number], [number, number]]

/** West-south and east-north of all cells. */
export function boundsOf(cells: Cells): Bounds {
  let [west, south, east, north] = [180, 90, -180, -90]
  const take = (value: unknown): void => {
    if (!Array.isArray(value)) return
    const [lon, lat] = value as unknown[]
    if (typeof lon === 'number' && typeof lat === 'number') {
      west = Math.min(west, lon)
      east = Math.max(east, lon)
      south = Math.min(south, lat)
      north = Math.max(north, lat)
    } else for (const part of value) take(part)
  }
  for (const feature of cells.features) take(feature.geometry.coordinates)
  return [
    [west, south],
    [east, north],
  ]
}

/** A map with nothing on it but the ground, fitted to `bounds`. Rejects where there is no WebGL2. */
export function makeMap(place: HTMLElement, bounds: Bounds, palette: Palette, still: boolean): Promise<MapLibre> {
  return new Promise((resolve, reject) => {
    let map: MapLibre
    try {
      map = new MapLibre({
        container: place,
        style: {
          version: 8,
          sources: {},
          layers: [{ id: 'ground', type: 'background', paint: { 'background-color': palette.ground } }],
        },
        bounds,
        fitBoundsOptions: { padding: 24 },
        attributionControl: false,
        interactive: !still,
        dragRotate: false,
        pitchWithRotate: false,
        maxPitch: 0,
        fadeDuration: 0,
        localIdeographFontFamily: "'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif",
      })
    } catch (error) {
      reject(error instanceof Error ? error : new Error('no map'))
      return
    }
    if (!still) {
      map.touchZoomRotate.disableRotation()
      map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right')
    }
    map.once('load', () => {
      resolve(map)
    })
    map.once('error', (event) => {
      if (!map.loaded()) reject(event.error)
    })
  })
}

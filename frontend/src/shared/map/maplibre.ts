/** The one place that makes a MapLibre map. Its worker is a file of ours: the policy allows no blob. */

import { Map as MapLibre, NavigationControl, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { credentials } from '@/api/client'
import type { Ground } from './ground'
import { MOST_ZOOM } from './ground'
import type { Palette } from './palette'

setWorkerUrl(workerUrl)

export const PADDING_PX = 20

/** A map with nothing on it but the ground, fitted to the district. Rejects where there is no WebGL2. */
export function makeMap(place: HTMLElement, ground: Ground, palette: Palette, still: boolean): Promise<MapLibre> {
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
        bounds: ground.bounds,
        fitBoundsOptions: { padding: PADDING_PX },
        maxZoom: MOST_ZOOM - 4,
        attributionControl: false,
        interactive: !still,
        dragRotate: false,
        pitchWithRotate: false,
        maxPitch: 0,
        fadeDuration: 0,
        refreshExpiredTiles: false,
        crossSourceCollisions: false, // marks may lie over names: nothing is compared between the two
        localIdeographFontFamily: "'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif",
        transformRequest: (url) => ({ url, headers: credentials(), credentials: 'same-origin' }),
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

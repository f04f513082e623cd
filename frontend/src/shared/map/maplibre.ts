/** The one place that makes a MapLibre map. Its worker is a file of ours: the policy allows no blob. */

import { Map as MapLibre, NavigationControl, setWorkerUrl } from 'maplibre-gl'
import { zh } from '../words/zh'
import type { PaddingOptions } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { credentials } from '@/api/client'
import type { Ground } from './ground'
import { MOST_ZOOM } from './ground'
import type { Palette } from './palette'

setWorkerUrl(workerUrl)

const PADDING_PX = 20
const SIDE_PX = 48 // half the name of a grid that lies at the border
const LEGEND_PX = 36

/** Room around the district; under a wall's lies the legend. */
export function paddingOf(still: boolean, scale: number): PaddingOptions {
  return { top: PADDING_PX, left: SIDE_PX, right: SIDE_PX, bottom: still ? LEGEND_PX * scale : PADDING_PX }
}

/** A map with nothing on it but the ground, fitted to the district. Rejects where there is no WebGL2. */
export function makeMap(place: HTMLElement, ground: Ground, palette: Palette, still: boolean, scale: number): Promise<MapLibre> {
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
        fitBoundsOptions: { padding: paddingOf(still, scale) },
        maxZoom: MOST_ZOOM - 4,
        attributionControl: false,
        locale: { 'NavigationControl.ZoomIn': zh.map.zoomIn, 'NavigationControl.ZoomOut': zh.map.zoomOut },
        interactive: !still,
        dragRotate: false,
        pitchWithRotate: false,
        maxPitch: 0,
        fadeDuration: 0,
        refreshExpiredTiles: false,
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

/** A map asks for a tile once. What could not be fetched while the server was away is asked for again until it comes. */

import type { ErrorEvent, GeoJSONSource, Map as MapLibre, VectorTileSource } from 'maplibre-gl'

export const ASK_AGAIN_MS = 4_000

/** What is used of a map, so that a test can drive it. */
export type Asking = Pick<MapLibre, 'on' | 'getSource'>

/** From now on; the result ends it. Listening also keeps the map from telling the console of each tile. */
export function askAgain(map: Asking): () => void {
  const failed = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function again(): void {
    timer = undefined
    for (const id of failed) {
      const source = map.getSource(id)
      if (source?.type === 'vector') {
        const { tiles } = source as VectorTileSource
        if (tiles) (source as VectorTileSource).setTiles(tiles)
      } else if (source?.type === 'geojson') {
        const { data } = (source as GeoJSONSource).serialize() as { data: string }
        if (typeof data === 'string') (source as GeoJSONSource).setData(data)
      }
    }
    failed.clear()
  }

  map.on('error', (event: ErrorEvent & { sourceId?: string }) => {
    if (event.sourceId === undefined) return
    failed.add(event.sourceId)
    timer ??= setTimeout(again, ASK_AGAIN_MS)
  })
  return () => {
    clearTimeout(timer)
  }
}

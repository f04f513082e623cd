/**
 * A map asks for a tile once. What could not be fetched while the server was away is asked for again until it comes; what
 * has come stays drawn meanwhile.
 */

import type { ErrorEvent, GeoJSONSource, Map as MapLibre } from 'maplibre-gl'

export const ASK_AGAIN_MS = 4_000

/** What is used of a map, so that a test can drive it. */
export type Asking = Pick<MapLibre, 'on' | 'getSource' | 'refreshTiles'>
interface Place {
  x: number
  y: number
  z: number
}
type Failure = ErrorEvent & { sourceId?: string; tile?: { tileID: { canonical: Place } } }

/** From now on; the result ends it. Listening also keeps the map from telling the console of each tile. */
export function askAgain(map: Asking): () => void {
  const failed = new Map<string, Map<string, Place>>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function again(): void {
    timer = undefined
    for (const [id, tiles] of failed) {
      const source = map.getSource(id)
      if (source?.type === 'vector') {
        map.refreshTiles(id, [...tiles.values()]) // these alone: a tile that is asked for in vain is drawn no more
      } else if (source?.type === 'geojson') {
        const { data } = (source as GeoJSONSource).serialize() as { data: string }
        if (typeof data === 'string') (source as GeoJSONSource).setData(data)
      }
    }
    failed.clear()
  }

  map.on('error', ({ sourceId, tile }: Failure) => {
    if (sourceId === undefined) return
    const tiles = failed.get(sourceId) ?? new Map<string, Place>()
    failed.set(sourceId, tiles)
    if (tile) {
      const { x, y, z } = tile.tileID.canonical
      tiles.set(`${String(z)}/${String(x)}/${String(y)}`, { x, y, z })
    }
    timer ??= setTimeout(again, ASK_AGAIN_MS)
  })
  return () => {
    clearTimeout(timer)
  }
}

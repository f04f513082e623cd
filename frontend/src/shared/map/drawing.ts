/** What both maps do with what they are given: it is drawn at most once a frame, and the chosen is brought into view. */

import type { FeatureCollection, Point } from 'geojson'
import { onBeforeUnmount, ref, watch } from 'vue'
import type { Ref } from 'vue'
import type { ReportCard } from '@/api/cards'
import { useObjects } from '../stores/objects'
import { cellPoints, exactPoints, standsAt } from './features'
import type { LonLat, PointProperties } from './features'
import { isNear } from './ground'
import type { MapProps } from './props'

/** What only the one map or the other can do. */
export interface Hands {
  /** Puts shades and marks on the map; not called before there is one. */
  draw(): void
  /** Where a position is drawn now, in the map's pixels; null while there is no map. */
  project(at: LonLat): { x: number; y: number } | null
  /** Moves the map when the position is out of sight, without zooming about. */
  bring(at: LonLat): void
}

export interface Drawing {
  pin: Ref<{ x: number; y: number } | null>
  /** The map moved: the pin stays where it points to. */
  placePin(): void
  /** The marks as they are now. */
  points(): FeatureCollection<Point, PointProperties>
  draw(): void
}

/** `ready`: whether there is a map yet. */
export function useDrawing(props: MapProps, ready: () => boolean, hands: Hands): Drawing {
  const objects = useObjects()
  const pin = ref<{ x: number; y: number } | null>(null)
  let frame = 0

  const reports = (): Iterable<{ card: ReportCard }> => (props.exact ? objects.each('report') : [])

  function points(): FeatureCollection<Point, PointProperties> {
    return props.exact ? exactPoints(props.board.rows, reports()) : cellPoints(props.board.rows, props.ground, props.selected)
  }

  function placePin(): void {
    const at = props.picked ? hands.project([props.picked.lon, props.picked.lat]) : null
    if (at || pin.value) pin.value = at
  }

  function draw(): void {
    frame = 0
    hands.draw()
    placePin()
  }

  watch(
    () => [props.board, props.selected, props.cell, props.picked, props.shading],
    () => {
      if (ready() && frame === 0) frame = requestAnimationFrame(draw)
    },
  )
  watch(
    () => props.selected,
    (issue) => {
      const at = issue && ready() ? standsAt(issue, props.board.rows, reports(), props.ground) : null
      if (at && isNear(props.ground.bounds, at)) hands.bring(at)
    },
  )
  onBeforeUnmount(() => {
    cancelAnimationFrame(frame)
  })

  return { pin, placePin, points, draw }
}

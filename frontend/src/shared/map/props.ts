/** What both maps, the one in WebGL and the one on canvas, take and tell. */

import type { Board } from '../board'
import type { Ground, Shading } from './ground'

export interface View {
  board: Board
  dark?: boolean
  /** Exact positions of reports (desk), else one mark a cell (wall). */
  exact?: boolean
  /** What cells are shaded by; both at once without it. */
  shading?: Shading
  /** Nobody can move it. */
  still?: boolean
  /** The chosen issue. */
  selected?: string | null
  /** Path of the chosen cell. */
  cell?: string | null
  picking?: boolean
  picked?: { lon: number; lat: number } | null
  /** Path of the place that is shown at first: without one the whole district. */
  within?: string
}

export interface MapProps extends View {
  ground: Ground
  /** How much larger all is drawn: a wall is read from six metres. */
  scale: number
}

export interface MapEvents {
  issue: [id: string]
  cell: [path: string, name: string]
  pick: [lon: number, lat: number]
  failed: []
}

/** The map's colours, the twins of tokens.css: a canvas reads no CSS variables. */

import type { Shade } from './ground'

export interface Palette {
  ground: string
  /** A cell by its load, 0 to 3. */
  cell: readonly [string, string, string, string]
  line: string
  border: string
  label: string
  halo: string
  water: string
  road: string
  amber: string
  red: string
  urgent: string
  calm: string
  calmLine: string
  selected: string
}

export const LIGHT: Palette = {
  ground: '#e9ecf0',
  cell: ['#fbfcfd', '#e3ebf3', '#cbd9e8', '#a9c1db'],
  line: '#d3d9e1',
  border: '#7b8a9c',
  label: '#3f4b5a',
  halo: '#ffffff',
  water: '#b9d6ea',
  road: '#dccfb8',
  amber: '#f0a020',
  red: '#d0202a',
  urgent: '#8a1173',
  calm: '#5b6b7d',
  calmLine: '#ffffff',
  selected: '#1c6fd6',
}

export const DARK: Palette = {
  ground: '#070c12',
  cell: ['#0d1620', '#15293c', '#1f3d59', '#2c5680'],
  line: '#1c2d3f',
  border: '#5d7b99',
  label: '#b8c8d9',
  halo: '#070c12',
  water: '#123a55',
  road: '#3a352b',
  amber: '#ffb020',
  red: '#f0353d',
  urgent: '#e25cc5',
  calm: '#8ba3bb',
  calmLine: '#0b1118',
  selected: '#7fb2ea',
}

const LATE_AT_MOST = 0.52 // a cell where all is late must not hide the marks on it
const LATE_AT_LEAST = 0.16
const NEARLY = 0.14

/** A cell's colour: the darker the more is open, towards red the more of it is late, a touch of amber before. */
export function fillOf(shade: Shade | undefined, palette: Palette): string {
  if (!shade) return palette.cell[0]
  const base = palette.cell[shade.load]
  if (shade.worst === 'red') return mix(base, palette.red, LATE_AT_LEAST + (LATE_AT_MOST - LATE_AT_LEAST) * shade.late)
  return shade.worst === 'amber' ? mix(base, palette.amber, NEARLY) : base
}

/** `share` of `b` in `a`; both as #rrggbb. */
export function mix(a: string, b: string, share: number): string {
  const part = (text: string, at: number): number => parseInt(text.slice(at, at + 2), 16)
  const two = (at: number): string =>
    Math.round(part(a, at) * (1 - share) + part(b, at) * share)
      .toString(16)
      .padStart(2, '0')
  return `#${two(1)}${two(3)}${two(5)}`
}

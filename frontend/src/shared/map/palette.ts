/** The map's colours, the twins of tokens.css: MapLibre reads no CSS variables. */
export interface Palette {
  ground: string
  cell: readonly string[]
  line: string
  border: string
  label: string
  halo: string
  amber: string
  red: string
  urgent: string
  calm: string
  calmLine: string
  selected: string
}

export const LIGHT: Palette = {
  ground: '#eef0f3',
  cell: ['#fbfcfd', '#e9eef4', '#d6e0eb', '#bccddf'],
  line: '#cdd4dd',
  border: '#8492a3',
  label: '#4a5665',
  halo: '#ffffff',
  amber: '#f0a020',
  red: '#d0202a',
  urgent: '#8a1173',
  calm: '#5b6b7d',
  calmLine: '#ffffff',
  selected: '#1c6fd6',
}

export const DARK: Palette = {
  ground: '#070c12',
  cell: ['#0e1823', '#142536', '#1c344b', '#264764'],
  line: '#22364a',
  border: '#54708d',
  label: '#9fb3c8',
  halo: '#070c12',
  amber: '#ffb020',
  red: '#f0353d',
  urgent: '#e25cc5',
  calm: '#8ba3bb',
  calmLine: '#0b1118',
  selected: '#7fb2ea',
}

/** The map's marks as pictures: colour + shape + character, as everywhere. */

import type { Map as MapLibre } from 'maplibre-gl'
import { zh } from '../words/zh'
import type { Mark } from './features'
import type { Palette } from './palette'

const SIZE = 44

function draw(mark: Mark, palette: Palette): ImageData | null {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIZE
  const pen = canvas.getContext('2d')
  if (!pen) return null
  const middle = SIZE / 2
  pen.lineWidth = 3
  pen.strokeStyle = palette.calmLine
  pen.beginPath()
  switch (mark) {
    case 'urgent':
      pen.fillStyle = palette.urgent
      pen.moveTo(middle, 2)
      pen.lineTo(SIZE - 2, middle)
      pen.lineTo(middle, SIZE - 2)
      pen.lineTo(2, middle)
      break
    case 'red':
      pen.fillStyle = palette.red
      pen.rect(5, 5, SIZE - 10, SIZE - 10)
      break
    case 'amber':
      pen.fillStyle = palette.amber
      pen.moveTo(middle, 3)
      pen.lineTo(SIZE - 2, SIZE - 5)
      pen.lineTo(2, SIZE - 5)
      break
    case 'green':
      pen.fillStyle = palette.calm
      pen.arc(middle, middle, 11, 0, Math.PI * 2)
      break
  }
  pen.closePath()
  pen.fill()
  pen.stroke()
  const char = mark === 'urgent' ? zh.marks.urgentChar : zh.marks.lightChar[mark]
  if (char) {
    pen.font = `bold ${mark === 'amber' ? '17' : '21'}px "Noto Sans CJK SC", sans-serif`
    pen.textAlign = 'center'
    pen.textBaseline = 'middle'
    pen.fillStyle = mark === 'amber' ? '#2b1a00' : '#ffffff'
    pen.fillText(char, middle, mark === 'amber' ? middle + 8 : middle + 1)
  }
  return pen.getImageData(0, 0, SIZE, SIZE)
}

/** Gives the map its pictures `mark-<mark>`; they live as long as the map. */
export function addMarks(map: MapLibre, palette: Palette): void {
  for (const mark of ['green', 'amber', 'red', 'urgent'] as const) {
    const image = draw(mark, palette)
    if (image && !map.hasImage(`mark-${mark}`)) map.addImage(`mark-${mark}`, image, { pixelRatio: 2 })
  }
}

const SHAPES: Record<Mark, string> = {
  urgent: 'M22 2 42 22 22 42 2 22Z',
  red: 'M5 5H39V39H5Z',
  amber: 'M22 3 42 39H2Z',
  green: 'M33 22a11 11 0 1 1-22 0 11 11 0 1 1 22 0Z',
}

/** A mark as an element, for the map on canvas: the same shape, colour and character, and what it says in words. */
export function markElement(
  mark: Mark,
  palette: Palette,
  options: { /** Issues it stands for. */ count: number; /** Those of its severity: the number beside it. */ grave: number; chosen: boolean; scale: number },
): HTMLElement {
  const { count, grave, chosen, scale } = options
  const colour = { urgent: palette.urgent, red: palette.red, amber: palette.amber, green: palette.calm }[mark]
  const word = mark === 'urgent' ? zh.marks.urgent : zh.marks.light[mark]
  const char = mark === 'urgent' ? zh.marks.urgentChar : zh.marks.lightChar[mark]
  const [y, size, ink] = mark === 'amber' ? [35, 17, '#2b1a00'] : [30, 21, '#ffffff']
  const side = String(22 * scale)
  const box = document.createElement('span')
  // Nothing here comes from outside: shapes, colours, our own words and a number.
  box.innerHTML = `<svg viewBox="0 0 44 44" width="${side}" height="${side}" role="img" aria-label="${word} ${zh.map.count(grave)}${count > grave ? zh.map.ofAll(count) : ''}">
<path d="${SHAPES[mark]}" fill="${colour}" stroke="${chosen ? palette.selected : palette.calmLine}" stroke-width="${chosen ? '6' : '3'}"/>
<text x="22" y="${String(y)}" text-anchor="middle" font-size="${String(size)}" font-weight="bold" fill="${ink}">${char}</text></svg>
${count > 1 ? `<b>${String(grave)}</b>` : ''}`
  return box
}

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

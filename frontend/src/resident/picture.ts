/** The slip as a picture, drawn on this device: no server is told the query code to draw it. */

import { encode } from 'uqr'
import { grouped, linkOf } from './place'

export interface SlipWords {
  title: string
  number: string
  code: string
  sentAt: string
  keep: string
  phone: string
  address: string
}

export interface Slip {
  centre: string
  number: string
  code: string
  at: string
  phone: string
  /** The centre's public address; empty: not set, then neither QR code nor address. */
  publicUrl: string
}

const WIDTH = 720
const MARGIN = 48
const FONT = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'

interface Line {
  text: string
  size: number
  weight?: number
  gap: number
}

/** Draws the slip. Throws where the browser has no canvas. */
export function drawSlip(slip: Slip, words: SlipWords): HTMLCanvasElement {
  const lines: Line[] = [
    { text: slip.centre, size: 30, gap: 20 },
    { text: words.title, size: 44, weight: 700, gap: 36 },
    { text: `${words.number} ${slip.number}`, size: 34, weight: 600, gap: 18 },
    { text: words.code, size: 26, gap: 10 },
    { text: grouped(slip.code), size: 58, weight: 700, gap: 24 },
    { text: `${words.sentAt} ${slip.at}`, size: 26, gap: 14 },
    ...(slip.phone ? [{ text: `${words.phone} ${slip.phone}`, size: 26, gap: 14 }] : []),
    { text: words.keep, size: 24, gap: 20 },
  ]
  const qr = slip.publicUrl ? encode(linkOf(slip.publicUrl, null, slip.code), { ecc: 'M', border: 4 }) : null
  const module = qr ? Math.floor(360 / qr.size) : 0
  const address = slip.publicUrl ? `${words.address} ${linkOf(slip.publicUrl, null, null)}` : ''
  const height = MARGIN * 2 + lines.reduce((sum, line) => sum + line.size + line.gap, 0) + (qr ? qr.size * module + 60 : 0)
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH
  canvas.height = height
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('this browser draws no pictures')
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, WIDTH, height)
  pen.strokeStyle = '#444'
  pen.lineWidth = 3
  pen.strokeRect(12, 12, WIDTH - 24, height - 24)
  pen.fillStyle = '#000'
  pen.textAlign = 'center'
  pen.textBaseline = 'top'
  let top = MARGIN
  for (const line of lines) {
    write(pen, line, top)
    top += line.size + line.gap
  }
  if (qr) {
    const left = Math.floor((WIDTH - qr.size * module) / 2)
    qr.data.forEach((row, y) => {
      row.forEach((dark, x) => {
        if (dark) pen.fillRect(left + x * module, top + y * module, module, module)
      })
    })
    write(pen, { text: address, size: 22, gap: 0 }, top + qr.size * module + 12)
  }
  return canvas
}

/** One line, made smaller until it fits. */
function write(pen: CanvasRenderingContext2D, line: Line, top: number): void {
  let size = line.size
  do {
    pen.font = `${String(line.weight ?? 400)} ${String(size)}px ${FONT}`
    size -= 2
  } while (size > 12 && pen.measureText(line.text).width > WIDTH - MARGIN * 2)
  pen.fillText(line.text, WIDTH / 2, top)
}

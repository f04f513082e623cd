/** A list as a file that a spreadsheet opens: what is shown, in the order in which it is shown. Pure, but for `save`. */

import { clockSeconds, dayOf } from './words/format'
import { zh } from './words/zh'

const MARK = '\ufeff' // without it a Chinese spreadsheet reads the bytes as GBK

/** A cell's text. What a spreadsheet would take for a formula is led by an apostrophe. */
function cellOf(value: string | number | null | undefined): string {
  const text = String(value ?? '')
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** RFC 4180, UTF-8 with its mark. */
export function csvOf(head: readonly string[], rows: readonly (readonly (string | number | null | undefined)[])[]): string {
  return MARK + [head, ...rows].map((row) => row.map(cellOf).join(',')).join('\r\n') + '\r\n'
}

/** `事项清单_数据截至2026-11-22_21-05-09.csv`: what is in it, and of which instant (the centre's time). */
export const csvName = (list: string, at: number): string =>
  `${list}_${zh.link.asOf}${dayOf(at).replaceAll('/', '-')}_${clockSeconds(at).replaceAll(':', '-')}.csv`

/** Hands a text to the browser as a download. */
export function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 10_000)
}

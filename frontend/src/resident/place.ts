/** What the address of the page says. `/r/<grid code>` a grid, `/r/` looking up, `/r/<grid code>/poster` its printed sign. */

export interface Place {
  grid: string | null
  poster: boolean
  /** From the fragment, which no server is told: the query code on a receipt. */
  code: string | null
}

const CODE_LENGTH = 12

/** A query code as people copy it: spaces, hyphens and small letters don't matter. Null when it can't be one. */
export function codeOf(typed: string): string | null {
  const code = typed.replace(/[\s\-–—]/g, '').toUpperCase()
  return new RegExp(`^[0-9A-Z]{${String(CODE_LENGTH)}}$`).test(code) ? code : null
}

/** In groups of four, as it is read aloud. */
export const grouped = (code: string): string => (codeOf(code) ?? code).replace(/(.{4})(?=.)/g, '$1-')

export function placeOf(path: string, fragment: string): Place {
  const [, , grid = '', what = ''] = path.split('/')
  return {
    grid: grid === '' ? null : decodeURIComponent(grid),
    poster: what === 'poster',
    code: codeOf(decodeURIComponent(fragment.replace(/^#/, ''))),
  }
}

/** What a QR code leads to: the page of a grid, or where a query code is looked up. The code stands in the fragment, which no server is told. */
export const linkOf = (publicUrl: string, grid: string | null, code: string | null): string =>
  `${publicUrl}/r/${grid === null ? '' : encodeURIComponent(grid)}${code === null ? '' : `#${codeOf(code) ?? code}`}`

/** House rules of the screens that no linter knows: one catalogue of strings, full-width Chinese punctuation, no CDN. */

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = resolve(process.cwd(), 'src')
const files = (readdirSync(SRC, { recursive: true }) as string[]).filter((name) => /\.(vue|ts|css)$/.test(name))
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '').replace(/<!--[\s\S]*?-->/g, '')
const read = (name: string): string => withoutComments(readFileSync(join(SRC, name), 'utf8'))

describe('the sources', () => {
  it('hold no Chinese outside the catalogue of strings', () => {
    const elsewhere = files.filter((name) => !name.startsWith(join('shared', 'words')) && !name.startsWith('api'))
    expect(elsewhere.filter((name) => /[\u4e00-\u9fff]/.test(read(name)))).toEqual([])
  })

  it('write Chinese with Chinese punctuation', () => {
    const words = files.filter((name) => name.startsWith(join('shared', 'words')))
    const halves = words.flatMap((name) => read(name).match(/[\u4e00-\u9fff][,:;!?(]|[,;!?)][\u4e00-\u9fff]/g) ?? [])
    expect(halves).toEqual([])
  })

  it('name no address outside this server', () => {
    expect(files.filter((name) => !name.startsWith('api') && /https?:\/\//.test(read(name)))).toEqual([])
  })
})

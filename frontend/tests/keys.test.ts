/** Every key of the console is in its help, and every line of the help is a key. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { KEYS } from '@/console/shortcuts'
import { zh } from '@/shared/words/zh'

it('lists every key', () => {
  const told = new Set(zh.help.rows.flatMap(([keys]) => keys.split(' ')))
  const word: Readonly<Record<string, string>> = { ' ': zh.common.space, ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' }
  const queue = [...readFileSync('src/console/QueuePane.vue', 'utf8').matchAll(/^ {4}(\w+): .*at |^ {4}(Home|End): /gm)].map((found) => found[1] ?? found[2] ?? '')
  expect(queue).toContain('PageDown')
  const there = new Set([...KEYS, ...queue, 'Enter', 'Ctrl+Enter'].map((key) => word[key] ?? (key.length === 1 ? key.toUpperCase() : key)))
  expect([...told].sort()).toEqual([...there].sort())
})

/** Every key of the console is in its help, and every line of the help is a key. */

import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { KEYS, shortcut } from '@/console/shortcuts'
import type { Keys } from '@/console/shortcuts'
import { leaveKeysToTheInputMethod } from '@/shared/composition'
import { zh } from '@/shared/words/zh'

it('lists every key', () => {
  const told = new Set(zh.help.rows.flatMap(([keys]) => keys.split(' ')))
  const word: Readonly<Record<string, string>> = { ' ': zh.common.space, ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' }
  const queue = [...readFileSync('src/console/QueuePane.vue', 'utf8').matchAll(/^ {4}(\w+): .*at |^ {4}(Home|End): /gm)].map((found) => found[1] ?? found[2] ?? '')
  expect(queue).toContain('PageDown')
  const there = new Set([...KEYS, ...queue, 'Enter', 'Ctrl+Enter'].map((key) => word[key] ?? (key.length === 1 ? key.toUpperCase() : key)))
  expect([...told].sort()).toEqual([...there].sort())
})

it('takes a key that is held down for one act, but goes on moving', () => {
  const next = vi.fn()
  const move = vi.fn()
  const keys = { dialogOpen: false, next, move } as unknown as Keys
  for (const repeat of [false, true, true]) {
    shortcut(new KeyboardEvent('keydown', { key: ' ', repeat }), keys)
    shortcut(new KeyboardEvent('keydown', { key: 'ArrowDown', repeat }), keys)
  }
  expect(next).toHaveBeenCalledOnce()
  expect(move).toHaveBeenCalledTimes(3)
})

it('hears no key that an input method needs to choose its words', () => {
  leaveKeysToTheInputMethod()
  const heard = vi.fn()
  window.addEventListener('keydown', heard)
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }))
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true }))
  expect(heard).not.toHaveBeenCalled()
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  expect(heard).toHaveBeenCalledOnce()
})

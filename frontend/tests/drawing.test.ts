/** A change waits for a frame, and for no frame that never comes. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { beforeDrawing } from '@/shared/live'

let frame: (() => void) | null

beforeEach(() => {
  frame = null
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => (frame = run))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

it('is drawn with the next frame, once', () => {
  const run = vi.fn()
  beforeDrawing(run)
  expect(run).not.toHaveBeenCalled()
  frame?.()
  vi.runAllTimers()
  expect(run).toHaveBeenCalledTimes(1)
})

it('is taken in though the window was hidden before that frame', () => {
  const run = vi.fn()
  beforeDrawing(run)
  vi.runAllTimers()
  expect(run).toHaveBeenCalledTimes(1)
  frame?.() // shown again, the browser makes up for it
  expect(run).toHaveBeenCalledTimes(1)
})

it('asks for no frame of a page that is hidden already', () => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  const run = vi.fn()
  beforeDrawing(run)
  vi.runAllTimers()
  expect([frame, run.mock.calls.length]).toEqual([null, 1])
})

/** A press of the next step's key is done once on what one reads, or visibly not at all. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import type { EffectScope } from 'vue'
import { KEPT_MS, STEADY_MS, usePress } from '@/console/press'

describe('the key of the next step', () => {
  const id = ref<string | null>('one')
  const step = ref<string | null>('accept')
  const behind = ref(false)
  const act = vi.fn()
  const dropped = vi.fn()
  let scope: EffectScope
  let pressed: ReturnType<typeof usePress>
  beforeEach(() => {
    vi.useFakeTimers()
    id.value = 'one'
    step.value = 'accept'
    behind.value = false
    act.mockReset()
    dropped.mockReset()
    scope = effectScope()
    pressed = scope.run(() => usePress({ id, step, behind, busy: ref(false), act, dropped })) as typeof pressed
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })

  it('is kept while the issue is being fetched again, and done once', async () => {
    behind.value = true
    await nextTick()
    pressed.press()
    pressed.press()
    expect([act.mock.calls.length, pressed.off.value]).toEqual([0, true])
    behind.value = false
    await nextTick()
    expect([act.mock.calls.length, pressed.off.value]).toEqual([1, false])
  })

  it('is not done when the step is another by then, and that is said', async () => {
    behind.value = true
    await nextTick()
    pressed.press()
    step.value = 'file'
    behind.value = false
    await nextTick()
    expect(act).not.toHaveBeenCalled()
    expect(dropped).toHaveBeenCalledExactlyOnceWith('accept')
    expect(pressed.off.value).toBe(true) // the new step has only just come
    await vi.advanceTimersByTimeAsync(STEADY_MS)
    pressed.press()
    expect(act).toHaveBeenCalledOnce()
  })

  it('is given up, with a word, when no answer comes', async () => {
    behind.value = true
    await nextTick()
    pressed.press()
    await vi.advanceTimersByTimeAsync(KEPT_MS)
    behind.value = false
    await nextTick()
    expect(act).not.toHaveBeenCalled()
    expect(dropped).toHaveBeenCalledOnce()
  })

  it('is never done on another issue', async () => {
    behind.value = true
    await nextTick()
    pressed.press()
    id.value = 'two'
    await nextTick()
    behind.value = false
    await nextTick()
    expect(act).not.toHaveBeenCalled()
    expect(dropped).not.toHaveBeenCalled()
  })

  it('looks off as long as a step that has only just changed takes no press', async () => {
    step.value = 'file'
    await nextTick()
    expect(pressed.off.value).toBe(true)
    pressed.press()
    expect(act).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(STEADY_MS)
    expect(pressed.off.value).toBe(false)
  })

  it('is off for nothing where there is no step', () => {
    step.value = null
    pressed.press()
    expect(act).not.toHaveBeenCalled()
  })
})

/** A screen that is to be seen stays lit. */

import { onScopeDispose, ref, watch } from 'vue'
import type { Ref } from 'vue'

/**
 * Asks that the screen stays lit while `wanted`; a browser takes that back whenever the page is hidden.
 *
 * Answers whether it does; where it doesn't (no TLS, an old browser, a refusal) somebody has to set the machine so.
 */
export function keepAwake(wanted: () => boolean = () => true): Ref<boolean> {
  const lit = ref('wakeLock' in navigator)
  let held: WakeLockSentinel | null = null

  async function ask(): Promise<void> {
    if (!wanted() || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    try {
      const lock = await navigator.wakeLock.request('screen')
      lit.value = true
      if (wanted()) held = lock
      else await lock.release()
    } catch {
      lit.value = false
    }
  }
  function release(): void {
    void held?.release()
    held = null
  }
  const again = (): void => void ask()
  watch(
    wanted,
    (now) => {
      if (now) void ask()
      else release()
    },
    { immediate: true },
  )
  document.addEventListener('visibilitychange', again)
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', again)
    release()
  }, true)
  return lit
}

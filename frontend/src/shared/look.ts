/** Looking at one issue: when it has been on the glass for a moment its marks are cleared, and stay named while it is open. */

import { onScopeDispose, shallowRef, watch } from 'vue'
import type { Ref, ShallowRef } from 'vue'
import type { UnseenChange } from '@/api/calls'
import { useUnseen } from './stores/unseen'

const MOMENT_MS = 700 // who only passes by with the arrows has not looked

/**
 * `drawn`: all that is known of the issue stands there. What was new when it was opened, or came while it is open.
 */
export function useLook(id: Readonly<Ref<string | null>>, drawn: Readonly<Ref<boolean>>): ShallowRef<readonly UnseenChange[]> {
  const unseen = useUnseen()
  const news = shallowRef<readonly UnseenChange[]>([])
  let timer: ReturnType<typeof setTimeout> | undefined

  function later(): void {
    clearTimeout(timer)
    if (id.value === null || !drawn.value || !unseen.marks.has(id.value)) return
    // A page that is not seen draws no frame.
    timer = setTimeout(() => requestAnimationFrame(look), MOMENT_MS)
  }
  function look(): void {
    if (id.value === null || !drawn.value || document.visibilityState === 'hidden') return
    const fresh = unseen.look(id.value)
    if (fresh.length) news.value = [...news.value, ...fresh]
  }
  function seen(): void {
    if (document.visibilityState === 'visible') later()
  }

  watch(id, () => (news.value = []), { flush: 'sync' })
  watch([id, drawn, () => unseen.marks], later, { immediate: true, flush: 'post' })
  document.addEventListener('visibilitychange', seen)
  onScopeDispose(() => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', seen)
  })
  return news
}

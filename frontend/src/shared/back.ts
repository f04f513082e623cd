/** The machine's own way back (a phone's gesture, a mouse's thumb): it closes what is open above the list, and leaves no page. */

import { onBeforeUnmount, onMounted, watch } from 'vue'
import type { Ref } from 'vue'

const OPEN = '#open'

export function useBack(open: Ref<boolean>, close: () => void): void {
  const went = (): void => {
    if (location.hash !== OPEN && open.value) close()
  }
  watch(open, (now) => {
    if (now && location.hash !== OPEN) history.pushState(null, '', OPEN)
    else if (!now && location.hash === OPEN) history.back()
  })
  onMounted(() => {
    if (location.hash === OPEN) history.replaceState(null, '', location.pathname)
    window.addEventListener('popstate', went)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('popstate', went)
  })
}

/** What the person's machine is like, for what styles alone can't follow: a canvas reads no CSS, a pane that isn't shown need not be made. */

import { onBeforeUnmount, onMounted, ref } from 'vue'
import type { Ref } from 'vue'

function useMedia(query: string): Ref<boolean> {
  const wanted = window.matchMedia(query)
  const holds = ref(wanted.matches)
  const turned = (event: MediaQueryListEvent): void => {
    holds.value = event.matches
  }
  onMounted(() => {
    wanted.addEventListener('change', turned)
  })
  onBeforeUnmount(() => {
    wanted.removeEventListener('change', turned)
  })
  return holds
}

export const useDark = (): Ref<boolean> => useMedia('(prefers-color-scheme: dark)')

/** Too narrow for three panes side by side: one at a time. The styles of the desk say the same width. */
export const useNarrow = (): Ref<boolean> => useMedia('(max-width: 60rem)')

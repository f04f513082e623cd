/** Whether the person's machine is dark: a canvas reads no CSS. */

import { onBeforeUnmount, onMounted, ref } from 'vue'
import type { Ref } from 'vue'

export function useDark(): Ref<boolean> {
  const wanted = window.matchMedia('(prefers-color-scheme: dark)')
  const dark = ref(wanted.matches)
  const turned = (event: MediaQueryListEvent): void => {
    dark.value = event.matches
  }
  onMounted(() => {
    wanted.addEventListener('change', turned)
  })
  onBeforeUnmount(() => {
    wanted.removeEventListener('change', turned)
  })
  return dark
}

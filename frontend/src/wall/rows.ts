/** As many whole rows as there is room for: half a row is no information. */

import { onBeforeUnmount, onMounted, ref } from 'vue'
import type { Ref } from 'vue'

export function useRows(list: Ref<HTMLElement | null>, rowRem: number, atFirst: number): Ref<number> {
  const fits = ref(atFirst)
  let observer: ResizeObserver | undefined
  onMounted(() => {
    observer = new ResizeObserver(([entry]) => {
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize)
      fits.value = Math.max(0, Math.floor(((entry?.contentRect.height ?? 0) + 1) / (rowRem * rem)))
    })
    if (list.value) observer.observe(list.value)
  })
  onBeforeUnmount(() => observer?.disconnect())
  return fits
}

/** Asks as long as a component is there: at once, and again some time after each answer. */

import { onBeforeUnmount, onMounted } from 'vue'

/** `ask` says itself what a failure means: it must not reject. */
export function askEvery(ms: number, ask: () => Promise<void>): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  async function again(): Promise<void> {
    await ask()
    if (!over) timer = setTimeout(() => void again(), ms)
  }
  onMounted(again)
  onBeforeUnmount(() => {
    over = true
    clearTimeout(timer)
  })
}

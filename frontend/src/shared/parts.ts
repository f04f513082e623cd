/** Parts of a screen that are loaded when they are wanted: one that does not come says so, and can be asked for again. */

import { defineAsyncComponent, defineComponent, h, onBeforeUnmount, ref } from 'vue'
import type { Component } from 'vue'
import PartAbsent from './components/PartAbsent.vue'

const SHOWN_AFTER_MS = 400
const PATIENCE_MS = 10_000
const AGAIN_MS = 30_000 // a wall has nobody who presses

/** Dialogs that were asked for and are not there: none of them takes the keys. */
export const absentDialogs = ref(0)

/**
 * A component that is loaded at its first use; in its place stands what is the matter, with a retry, until it is there.
 *
 * close   given for a dialog: ends the wish for it
 */
export function lazyPart<T extends Component>(load: () => Promise<{ default: T }>, close?: () => void): T {
  const failed = ref(false)
  let arrived: (part: T) => void = () => undefined
  const part = new Promise<T>((resolve) => (arrived = resolve))

  function ask(): void {
    failed.value = false
    const patience = setTimeout(() => (failed.value = true), PATIENCE_MS)
    load()
      .then((loaded) => {
        arrived(loaded.default)
      })
      .catch(() => (failed.value = true))
      .finally(() => {
        clearTimeout(patience)
      })
  }

  const absent = defineComponent({
    setup() {
      if (failed.value) ask()
      if (close) absentDialogs.value += 1
      const again = setInterval(() => {
        if (failed.value) ask()
      }, AGAIN_MS)
      onBeforeUnmount(() => {
        clearInterval(again)
        if (close) absentDialogs.value -= 1
      })
      return () => h(PartAbsent, { failed: failed.value, dialog: close !== undefined, onRetry: ask, onClose: close })
    },
  })
  return defineAsyncComponent<never>({
    loader: () => {
      ask()
      return part as Promise<never>
    },
    loadingComponent: absent,
    delay: SHOWN_AFTER_MS,
    suspensible: false,
  }) as T
}

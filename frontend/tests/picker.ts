/** A picker as a form holds it: what was chosen, and what was typed and not chosen. */

import { createApp, h } from 'vue'
import type { App, Component } from 'vue'

export interface Held {
  value: unknown
  typed: string | undefined
}

/** The picker drawn on a page of its own. */
export function drawn(picker: Component, held: Held, more: Record<string, unknown>): { app: App; page: HTMLElement } {
  const page = document.createElement('div')
  const app = createApp({
    render: () =>
      h(picker, {
        invalid: false,
        ...more,
        modelValue: held.value,
        'onUpdate:modelValue': (now: unknown) => (held.value = now),
        typed: held.typed,
        'onUpdate:typed': (now: string | undefined) => (held.typed = now),
      }),
  })
  app.mount(page)
  return { app, page }
}

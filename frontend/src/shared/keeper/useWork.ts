/** Ties one open form to the keeper: what stands in it is kept at each change, until it was sent. */

import { onBeforeUnmount, watch } from 'vue'
import type { Intent } from '../intent'
import { useKeeper } from './keeper'

export interface KeptForm {
  name: string
  where: Record<string, unknown>
  title: () => string
  /** What the form holds, drafts of photos and documents among it. */
  fields: () => Record<string, unknown>
  /** Whether somebody has entered anything. */
  begun: () => boolean
  intent: Intent
}

export function useWork({ name, where, title, fields, begun, intent }: KeptForm) {
  const keeper = useKeeper()
  let over = false

  function save(): void {
    if (over) return
    const { key, open } = intent.state()
    if (open || begun()) keeper.keep({ name, where, title: title(), fields: fields(), key, open })
    else keeper.drop(name)
  }
  watch([fields, () => intent.state()], save, { deep: true })
  onBeforeUnmount(save)

  /** Before it is sent: should the answer never be heard, the key lies on the device, and nothing is sent twice. */
  async function ready(): Promise<void> {
    save()
    await keeper.written()
  }

  /** It was sent. */
  function sent(): void {
    over = true
    keeper.drop(name)
  }

  return { ready, sent }
}

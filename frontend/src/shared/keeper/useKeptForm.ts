/** A form that is one reactive object, with the keeper and its intent. */

import { useIntent } from '../intent'
import { useKeeper } from './keeper'
import { useWork } from './useWork'

/**
 * Fills `form` with what was half written in it, and keeps it from now on.
 *
 * name, title, where   as the keeper has them
 */
export function useKeptForm(form: Record<string, unknown>, { name, title, where }: { name: string; title: string; where: Record<string, unknown> }) {
  const before = useKeeper().take(name)
  const blank = JSON.stringify(form)
  if (before) Object.assign(form, before.fields)
  const intent = useIntent(before)
  const work = useWork({ name, where, title: () => title, fields: () => ({ ...form }), begun: () => JSON.stringify(form) !== blank, intent })

  /** Sends under the intent's key, which lies on the device first. The result, or null when refused or unknown. */
  async function send<T>(how: (key: string) => Promise<T>): Promise<T | null> {
    const result = await intent.run(async (key) => {
      await work.ready()
      return how(key)
    })
    if (result !== null) work.sent()
    return result
  }

  return { intent, send, resumed: before !== null }
}

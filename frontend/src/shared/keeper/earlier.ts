/** What earlier releases left in clear in this tab: taken over for its writer, and removed in any case. */

import { newUuid } from '../uuid'
import { kept as words } from '../words/kept'
import type { Work } from './keeper'

/** Under which names, and how each is offered now. */
const NAMES: readonly (readonly [start: string, title: string])[] = [
  ['relay60.member.draft', words.forms.report],
  ['relay60.feedback.', words.forms.feed_back],
  ['relay60.return.', words.forms.request_return],
  ['relay60.own.', words.forms.own],
]

/** Where its form stands, as the phone's forms say it. */
function placeOf(name: string): Record<string, unknown> {
  const [, form, id = ''] = name.split('.')
  return { kind: form === 'member' ? 'report' : form === 'own' ? 'issue' : 'order', id: form === 'member' ? '' : id }
}

/** The work of this person. Nobody else's stays either: whoever sits here next could read it. */
export function takeEarlier(person: string): Work[] {
  const found: Work[] = []
  for (const name of Object.keys(sessionStorage)) {
    const title = NAMES.find(([start]) => name.startsWith(start))?.[1]
    if (title === undefined) continue
    const text = sessionStorage.getItem(name) ?? ''
    sessionStorage.removeItem(name)
    try {
      const { person: owner, ...fields } = JSON.parse(text) as Record<string, unknown>
      if (owner === person) found.push({ name, title, where: placeOf(name), fields: { fields }, key: newUuid(), open: false })
    } catch {
      // half written by a page that died
    }
  }
  return found
}

/**
 * How long a text may be. Too much is kept, counted and not sent: nothing that was typed is cut, and nobody finds out afterwards.
 *
 * `<textarea v-limit="LIMITS.DeclineIn.text">`: near the limit the field says "1900 / 2000", beyond it by how much it is over,
 * and no form sends while a field of it is over. Screens take the number from `api/limits`, which is the server's.
 */
import type { Directive } from 'vue'
import { limit as words } from './words/limit'

type Field = HTMLInputElement | HTMLTextAreaElement
interface Kept {
  most: number
  note: HTMLElement
  over: boolean
}

const NEAR = 0.9
const fields = new WeakMap<Field, Kept>()

/** Characters as the server counts them: code points, without the blanks around. */
export const charsOf = (text: string): number => [...text.trim()].length

/** Whether the form holds a text that is too long; the first such field gets the focus. */
export function holdsBack(form: ParentNode): boolean {
  const over = [...form.querySelectorAll<Field>('input, textarea')].find((field) => fields.get(field)?.over)
  over?.focus()
  return over !== undefined
}

function count(field: Field): void {
  const kept = fields.get(field)
  if (!kept) return
  const chars = charsOf(field.value)
  kept.over = chars > kept.most
  kept.note.hidden = chars < Math.max(1, kept.most * NEAR)
  kept.note.textContent = kept.over ? words.over(chars, kept.most) : words.near(chars, kept.most)
  kept.note.classList.toggle('over', kept.over)
  field.setCustomValidity(kept.over ? words.over(chars, kept.most) : '')
}

function hold(event: Event): void {
  const form = event.target instanceof Element ? event.target.closest('form') : null
  if (!form || !holdsBack(form)) return
  event.preventDefault()
  event.stopImmediatePropagation()
}

let listening = false
/** Before any form hears of it: by its button, by Enter, by Ctrl and Enter. */
function listen(): void {
  if (listening) return
  listening = true
  document.addEventListener('submit', hold, true)
  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Enter' && event.ctrlKey) hold(event)
    },
    true,
  )
}

export const vLimit: Directive<Field, number> = {
  mounted(field, { value }) {
    listen()
    const note = document.createElement('small')
    note.className = 'limit'
    note.setAttribute('role', 'status')
    note.hidden = true
    field.after(note)
    fields.set(field, { most: value, note, over: false })
    field.addEventListener('input', () => count(field))
    count(field)
  },
  updated(field, { value }) {
    const kept = fields.get(field)
    if (!kept) return
    kept.most = value
    count(field)
  },
  unmounted(field) {
    fields.get(field)?.note.remove()
  },
}

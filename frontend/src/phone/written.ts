/**
 * What this person is writing and has not handed in: words, photos and documents, of each form its own. It lives as long as
 * the page, whatever view is opened meanwhile; the words also outlive a reload of this tab, for the same person.
 */

import { defineStore } from 'pinia'
import { effectScope, reactive, shallowReactive, watch } from 'vue'
import type { Draft } from '@/shared/photo'
import { useSession } from '@/shared/stores/session'
import { wordsOf } from './drawer'
import type { Entry } from './drawer'

export type Fields = Record<string, string | boolean>

export interface Written<F extends Fields = Fields> {
  fields: F
  photos: Draft[]
  files: Draft[]
  /** Photos are being made small: nothing goes yet. */
  preparing: boolean
  /** Its form was left open. */
  open: boolean
  /** It had been handed in and came back: where it was seen, the person may be no longer. */
  again: boolean
}

export interface Form<F extends Fields = Fields> {
  name: string
  blank: F
}

/** The forms: under which name the tab keeps the words of each, and with what it begins. */
export const FORMS = {
  report: () => ({ name: 'relay60.member.draft', blank: { text: '', item: '', search: '', settled: false, settleText: '', consent: false } }),
  answer: (order: string) => ({ name: `relay60.feedback.${order}`, blank: { text: '', result: 'handled' } }),
  returning: (order: string) => ({ name: `relay60.return.${order}`, blank: { text: '', ground: '', unit: '' } }),
  own: (issue: string, act: string) => ({ name: `relay60.own.${issue}.${act}`, blank: { text: '', consent: false, to: '110' } }),
}

function formOf({ call, about, verb }: Entry): Form {
  if (call === 'report') return FORMS.report()
  if (call === 'issue') return FORMS.own(about, verb)
  return verb === 'feed_back' ? FORMS.answer(about) : FORMS.returning(about)
}

export const useWritten = defineStore('written', () => {
  const session = useSession()
  const forms = new Map<string, Written>()
  const scope = effectScope(true) // outlives the view that asked first
  const me = (): string => session.session?.person.id ?? ''

  /** `blank`, with what this tab kept of the same person's words. */
  function kept({ name, blank }: Form): Fields {
    const found = JSON.parse(sessionStorage.getItem(name) ?? '{}') as Record<string, unknown>
    if (found.person !== me()) return { ...blank }
    const own = Object.entries(found).filter(([key, value]) => typeof value === typeof blank[key])
    return { ...blank, ...(Object.fromEntries(own) as Fields) }
  }

  function keep({ name, blank }: Form, fields: Fields): void {
    if (Object.entries(blank).every(([key, value]) => fields[key] === value)) sessionStorage.removeItem(name)
    else sessionStorage.setItem(name, JSON.stringify({ ...fields, person: me() }))
  }

  function make(form: Form): Written {
    const fields = reactive(kept(form))
    const made = shallowReactive({ fields, photos: [], files: [], preparing: false, open: Boolean(fields.text), again: false })
    forms.set(form.name, made)
    scope.run(() => {
      watch(
        fields,
        (now) => {
          keep(form, now)
        },
        { flush: 'sync' },
      )
    })
    return made
  }

  /** What is written in a form: the same object at each asking. */
  const of = <F extends Fields>(form: Form<F>): Written<F> => (forms.get(form.name) ?? make(form)) as Written<F>

  /** It was handed in: the form begins anew. */
  function done({ name, blank }: Form): void {
    const written = forms.get(name)
    if (!written) return
    Object.assign(written.fields, blank)
    Object.assign(written, { photos: [], files: [], open: false, again: false })
  }

  /** Puts back into its form what was handed in; the words that stand there by now stay, before it. */
  function takeUp(entry: Entry): void {
    const written = of(formOf(entry))
    const { fields } = written
    const text = [fields.text, wordsOf(entry)].filter(Boolean).join('\n')
    for (const [key, value] of Object.entries(entry.body)) {
      if (typeof value === typeof fields[key]) fields[key] = value as string | boolean
    }
    fields.text = text
    written.photos = [...written.photos, ...entry.photos]
    written.files = [...written.files, ...(entry.files ?? [])]
    written.open = written.again = true
  }

  /** Whether photos or documents would be lost with the page: they are kept nowhere else. */
  const holdsFiles = (): boolean =>
    [...forms.values()].some((one) => one.preparing || one.photos.length > 0 || one.files.length > 0)

  return { of, done, takeUp, holdsFiles }
})

/**
 * What this person is writing on the phone and has not handed in: words, photos and documents, of each form its own. The keeper
 * has it on the device, whatever view is opened meanwhile.
 */

import { defineStore } from 'pinia'
import { effectScope, reactive, shallowReactive, watch } from 'vue'
import type { EmergencyNumber } from '@/api/words'
import { useKeeper } from '@/shared/keeper/keeper'
import type { KeptWork } from '@/shared/keeper/keeper'
import type { Draft } from '@/shared/photo'
import { useObjects } from '@/shared/stores/objects'
import { kept as words } from '@/shared/words/kept'
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

/** Where a form stands: an order, an own report, or nothing that there is already. */
export interface Place {
  kind: 'report' | 'order' | 'issue'
  id: string
}

export interface Form<F extends Fields = Fields> {
  name: string
  title: string
  place: Place
  blank: F
}

/** The forms: under which name the keeper has each, and with what it begins. */
export const FORMS = {
  report: () => ({
    name: 'relay60.member.draft',
    title: words.forms.report,
    place: { kind: 'report', id: '' } as Place,
    blank: { text: '', item: '', search: '', settled: false, settleText: '', consent: false },
  }),
  answer: (order: string) => ({
    name: `relay60.feedback.${order}`,
    title: words.forms.feed_back,
    place: { kind: 'order', id: order } as Place,
    blank: { text: '', result: 'handled' },
  }),
  returning: (order: string) => ({
    name: `relay60.return.${order}`,
    title: words.forms.request_return,
    place: { kind: 'order', id: order } as Place,
    blank: { text: '', ground: '', unit: '' },
  }),
  message: (about: string, kind: 'order' | 'issue') => ({
    name: `relay60.message.${about}`,
    title: words.forms.message,
    place: { kind, id: about } as Place,
    blank: { text: '', kind: 'message', minutes: '', answers: '' },
  }),
  own: (issue: string, act: string) => ({
    name: `relay60.own.${issue}.${act}`,
    title: words.forms.own,
    place: { kind: 'issue', id: issue } as Place,
    blank: { text: '', consent: false, to: '110' satisfies EmergencyNumber },
  }),
}

function formOf({ call, about, verb }: Entry): Form {
  if (call === 'report') return FORMS.report()
  if (verb === 'message' || verb === 'progress') return FORMS.message(about, call)
  if (call === 'issue') return FORMS.own(about, verb)
  return verb === 'feed_back' ? FORMS.answer(about) : FORMS.returning(about)
}

export const useWritten = defineStore('written', () => {
  const keeper = useKeeper()
  const objects = useObjects()
  const forms = new Map<string, { form: Form; written: Written }>()
  const scope = effectScope(true) // outlives the view that asked first

  const isBlank = ({ blank }: Form, { fields, photos, files }: Written): boolean =>
    Object.entries(blank).every(([key, value]) => fields[key] === value) && photos.length + files.length === 0

  /** Puts into a form what the keeper has of it. */
  function fill(form: Form, written: Written): void {
    const left = keeper.take(form.name)?.fields as { fields?: Record<string, unknown>; photos?: Draft[]; files?: Draft[] } | undefined
    if (!left) return
    const own = Object.entries(left.fields ?? {}).filter(([key, value]) => typeof value === typeof form.blank[key])
    Object.assign(written.fields, form.blank, Object.fromEntries(own))
    Object.assign(written, { photos: left.photos ?? [], files: left.files ?? [], open: true })
  }

  function save(form: Form, written: Written): void {
    if (isBlank(form, written)) return keeper.drop(form.name)
    const { kind, id } = form.place
    const number = kind === 'report' ? '' : String(objects.get(kind, id)?.card.number ?? '')
    const { fields, photos, files } = written
    keeper.keep({
      name: form.name,
      title: words.titled(form.title, number),
      where: { ...form.place },
      fields: { fields: { ...fields }, photos, files },
      key: '', // the outbox makes one when it is handed in
      open: false,
    })
  }

  function make(form: Form): Written {
    const written: Written = shallowReactive({ fields: reactive({ ...form.blank }), photos: [], files: [], preparing: false, open: false, again: false })
    forms.set(form.name, { form, written })
    fill(form, written)
    scope.run(() => {
      watch(
        [written.fields, () => written.photos, () => written.files],
        () => {
          save(form, written)
        },
        { flush: 'sync' },
      )
    })
    return written
  }
  /** What lies on the device is read only when the server has given the key: a form that is there already has it then. */
  watch(
    () => keeper.offers,
    (offers) => {
      for (const { form, written } of forms.values()) {
        if (offers.some((one) => one.name === form.name) && isBlank(form, written)) fill(form, written)
      }
    },
  )

  /** What is written in a form: the same object at each asking. */
  const of = <F extends Fields>(form: Form<F>): Written<F> => (forms.get(form.name)?.written ?? make(form)) as Written<F>

  /**
   * It was handed in: the form begins anew.
   *
   * kept   when it is safe where it went
   */
  function done({ name, blank }: Form, kept?: Promise<unknown>): void {
    const written = forms.get(name)?.written
    if (!written) return
    keeper.drop(name, kept)
    Object.assign(written.fields, blank)
    Object.assign(written, { photos: [], files: [], open: false, again: false })
  }

  /** Puts an offer into its form; what stood there is offered in its place. */
  function resume(offer: KeptWork): void {
    keeper.takeUp(offer)
    const there = forms.get(offer.name)
    if (there) fill(there.form, there.written)
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
    [...forms.values()].some(({ written: one }) => one.preparing || one.photos.length > 0 || one.files.length > 0)

  return { of, done, takeUp, resume, holdsFiles }
})

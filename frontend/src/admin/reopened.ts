/** A form that was left half written is opened again in its section, as soon as its list is there. */

import { shallowRef, watch } from 'vue'
import type { Ref } from 'vue'
import type { KeptWork } from '@/shared/keeper/keeper'

/** What a form says of itself to be found again. */
interface Place {
  section: string
  /** Of which row; null: of a new one. */
  id: string | null
  /** Which form of the row, where it has several. */
  form?: string
  /** By which word the row is found in a list that has pages. */
  find?: string
}

const wanted = shallowRef<(Place & { title: string }) | null>(null)
/** The title of a form whose row is no more. */
export const lost = shallowRef<string | null>(null)

/** Asks for the form of what was left half written. The section that it belongs to. */
export function reopen(work: KeptWork): string {
  const place = work.where as unknown as Place
  wanted.value = { ...place, title: work.title }
  lost.value = null
  return place.section
}

/**
 * Opens what is asked for in this section.
 *
 * forms    by their names what opens a row's form; '' is the one without a name
 * search   finds rows by a word, in a list that shows a part
 */
export function useReopened<T>(
  section: string,
  rows: Ref<readonly T[]>,
  state: Ref<string>,
  forms: Readonly<Record<string, (row: T | 'new') => void>>,
  { idOf = (row: T) => (row as { id: string }).id, search }: { idOf?: (row: T) => string; search?: (words: string) => void } = {},
): void {
  /** What was searched for, and in which list it was not. */
  let searched: { asked: Place; rows: readonly T[] } | null = null
  watch(
    [wanted, state, rows],
    () => {
      const asked = wanted.value
      if (asked?.section !== section || state.value !== 'ready') return
      const row = asked.id === null ? 'new' : rows.value.find((one) => idOf(one) === asked.id)
      if (!row && asked.find && search && searched?.asked !== asked) {
        searched = { asked, rows: rows.value }
        return search(asked.find)
      }
      if (!row && searched?.asked === asked && searched.rows === rows.value) return // the list comes again
      wanted.value = null
      if (row) forms[asked.form ?? '']?.(row)
      else lost.value = asked.title
    },
    { immediate: true },
  )
}

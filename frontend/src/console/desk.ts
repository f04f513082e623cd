/** What the console's panes share: selection's surroundings, filter, open dialog, picking a point, passing messages. */

import { defineStore } from 'pinia'
import { reactive, ref } from 'vue'
import type { Filter } from '@/shared/board'
import type { IssueVerb } from '@/shared/verbs'

export type Dialog = { kind: 'verb'; verb: IssueVerb; orders?: string[] } | { kind: 'help' } | { kind: 'pairing' }

export interface Toast {
  id: number
  text: string
  tone: 'good' | 'bad'
}

const TOAST_MS = 6_000

export const useDesk = defineStore('desk', () => {
  const filter = reactive<Filter>({ tab: 'all', text: '', cell: null })
  const cellName = ref('')
  const dialog = ref<Dialog | null>(null)
  const reporting = ref(false)
  const picking = ref(false)
  const picked = ref<{ lon: number; lat: number } | null>(null)
  const mapView = ref<'map' | 'list'>('map')
  const toasts = ref<Toast[]>([])
  let count = 0

  function say(text: string, tone: Toast['tone'] = 'good'): void {
    const id = (count += 1)
    toasts.value = [...toasts.value.slice(-3), { id, text, tone }]
    setTimeout(() => (toasts.value = toasts.value.filter((toast) => toast.id !== id)), TOAST_MS)
  }

  function pickCell(id: string | null, name = ''): void {
    filter.cell = filter.cell === id ? null : id
    cellName.value = name
  }

  function startReport(): void {
    reporting.value = true
    picked.value = null
  }

  function endReport(): void {
    reporting.value = false
    picking.value = false
    picked.value = null
  }

  return { filter, cellName, dialog, reporting, picking, picked, mapView, toasts, say, pickCell, startReport, endReport }
})

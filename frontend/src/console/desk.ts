/** What the console's panes share: selection's surroundings, filter, open dialog, picking a point, passing messages. */

import { defineStore } from 'pinia'
import { reactive, ref } from 'vue'
import type { Filter } from '@/shared/board'
import { useKeeper } from '@/shared/keeper/keeper'
import type { DeskVerb } from '@/shared/verbs'

/** Under which name the keeper has what is half written of a report. */
export const REPORT = 'desk.report'

/** A verb may be about a part of the issue: an order, a return request, a report. */
export type Dialog =
  | { kind: 'verb'; verb: DeskVerb; part?: { id: string }; backfill?: boolean }
  | { kind: 'receipt'; report: string }
  | { kind: 'paper'; order: string | null }
  | { kind: 'handover_paper'; id: string }
  | { kind: 'shift_log'; id: string | null }
  | { kind: 'merge' | 'more' | 'search' | 'help' | 'pairing' | 'telephone' | 'handover' }

export interface Toast {
  id: number
  text: string
  tone: 'good' | 'bad'
}

const TOAST_MS = 6_000

export const useDesk = defineStore('desk', () => {
  const keeper = useKeeper()
  const filter = reactive<Filter>({ tab: 'all', text: '', cell: null, figure: null })
  const cellName = ref('')
  const dialog = ref<Dialog | null>(null)
  const reporting = ref(false)
  const picking = ref(false)
  const picked = ref<{ lon: number; lat: number } | null>(null)
  /** A point is picked for the open issue, not for the form. */
  const placing = ref(false)
  const mapView = ref<'map' | 'list'>('map')
  /** Where one pane is shown at a time: the queue or the map; what is open lies above both. */
  const face = ref<'queue' | 'map'>('queue')
  const shading = ref<'late' | 'load'>('late')
  const toasts = ref<Toast[]>([])
  let count = 0

  function say(text: string, tone: Toast['tone'] = 'good'): void {
    const id = (count += 1)
    toasts.value = [...toasts.value.slice(-3), { id, text, tone }]
    setTimeout(() => (toasts.value = toasts.value.filter((toast) => toast.id !== id)), TOAST_MS)
  }

  /** Narrows to a cell, and there to what a figure counts; chosen again, or without one, to none. */
  function pickCell(path: string | null, name = '', figure: Filter['figure'] = null): void {
    const again = filter.cell === path && filter.figure === figure
    if (figure !== null && !again) Object.assign(filter, { tab: 'all', text: '' }) // as many rows as the number says
    filter.cell = again ? null : path
    filter.figure = filter.cell === null ? null : figure
    cellName.value = name
  }

  /** Opens what a figure of the whole counts: all of its rows, whatever else was chosen before. */
  function pickFigure(figure: Filter['figure']): void {
    const again = filter.figure === figure && filter.cell === null
    Object.assign(filter, { tab: 'all', text: '', cell: null, figure: again ? null : figure })
  }
  /** Shows a list whole. */
  function showTab(tab: Filter['tab']): void {
    Object.assign(filter, { tab, figure: null })
  }

  function startReport(): void {
    if (reporting.value) return
    endPlacing()
    reporting.value = true
    picked.value = (keeper.take(REPORT)?.fields.point as typeof picked.value | undefined) ?? null
  }

  function endReport(): void {
    reporting.value = false
    picking.value = false
    picked.value = null
  }

  function startPlacing(): void {
    endReport()
    placing.value = picking.value = true
  }

  function endPlacing(): void {
    placing.value = picking.value = false
    picked.value = null
  }

  /** No point after all; the form, if one is open, stays as it is. */
  function endPicking(): void {
    if (placing.value) endPlacing()
    else picking.value = false
  }

  /** A point was picked on the map: the form takes it, or the correction's dialog opens with it. */
  function pick(point: { lon: number; lat: number }): void {
    picked.value = point
    picking.value = false
    if (placing.value) dialog.value = { kind: 'verb', verb: 'amend' }
  }

  function closeDialog(): void {
    dialog.value = null
    if (placing.value) endPlacing()
  }

  return {
    filter,
    cellName,
    dialog,
    reporting,
    picking,
    picked,
    placing,
    mapView,
    shading,
    face,
    toasts,
    say,
    pickCell,
    pickFigure,
    showTab,
    startReport,
    endReport,
    startPlacing,
    endPlacing,
    endPicking,
    pick,
    closeDialog,
  }
})

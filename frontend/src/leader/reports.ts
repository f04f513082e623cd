/** Situation reports: the list, asked again when a fact tells of one, and often while one is in the making. */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api/calls'
import type { SituationReport } from '@/api/calls'
import { clock } from '@/shared/clock'
import { useObjects } from '@/shared/stores/objects'

const WATCH_MS = 1_000
const LATE_MS = 30_000 // the worker looks every second: longer than this, and it does not run

export const useReports = defineStore('leader-reports', () => {
  const objects = useObjects()
  const reports = shallowRef<readonly SituationReport[]>([])
  const loaded = ref(false)
  const watching = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  const making = computed(() => reports.value.filter((one) => one.card.open))
  /** Whether one has waited so long that nobody can be working on it. */
  const isLate = (one: SituationReport): boolean =>
    one.card.open && one.progress === 0 && clock.now() - Date.parse(one.card.asked_at) > LATE_MS

  async function load(): Promise<void> {
    clearTimeout(timer)
    try {
      reports.value = await api.situationReports()
      loaded.value = true
    } finally {
      if (watching.value && (making.value.length > 0 || !loaded.value)) timer = setTimeout(again, WATCH_MS)
    }
  }

  function again(): void {
    load().catch(() => undefined) // asked again a second later
  }

  function watch(on: boolean): void {
    watching.value = on
    if (on) again()
    else clearTimeout(timer)
  }

  objects.onFact((fact) => {
    if (fact.object.kind === 'situation_report' && watching.value) again()
  })

  return { reports, loaded, making, isLate, load, watch }
})

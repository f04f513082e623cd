/** Situation reports: the list, asked again when a fact tells of one, and often while one is in the making. */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api/calls'
import type { SituationReport } from '@/api/calls'
import { clock } from '@/shared/clock'
import { useObjects } from '@/shared/stores/objects'

const PAGE = 50 // as the server's
const WATCH_MS = 1_000
const LATE_MS = 30_000 // the worker looks every second: longer than this, and it does not run

export const useReports = defineStore('leader-reports', () => {
  const objects = useObjects()
  const reports = shallowRef<readonly SituationReport[]>([])
  const loaded = ref(false)
  /** So many pages are on the screen; behind the last there may be more. */
  let pages = 1
  const isAll = ref(true)
  const watching = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  const making = computed(() => reports.value.filter((one) => one.card.open))
  /** Whether one has waited so long that nobody can be working on it. */
  const isLate = (one: SituationReport): boolean =>
    one.card.open && one.progress === 0 && clock.now() - Date.parse(one.card.asked_at) > LATE_MS

  async function load(): Promise<void> {
    clearTimeout(timer)
    try {
      const found: SituationReport[] = []
      let page: SituationReport[] = []
      for (let read = 0; read < pages && (read === 0 || page.length === PAGE); read += 1) {
        page = await api.situationReports(found.at(-1))
        found.push(...page)
      }
      reports.value = found
      isAll.value = page.length < PAGE
      loaded.value = true
    } finally {
      if (watching.value && (making.value.length > 0 || !loaded.value)) timer = setTimeout(again, WATCH_MS)
    }
  }

  function again(): void {
    load().catch(() => undefined) // asked again a second later
  }

  function more(): void {
    pages += 1
    again()
  }

  function watch(on: boolean): void {
    watching.value = on
    if (on) again()
    else clearTimeout(timer)
  }

  objects.onFact((fact) => {
    if (fact.object.kind === 'situation_report' && watching.value) again()
  })

  return { reports, loaded, making, isAll, isLate, load, more, watch }
})

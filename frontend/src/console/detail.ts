/** The one issue that the desk looks at, what was revealed of it, and who was first with its last step. */

import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { ReportDetail } from '@/api/calls'
import type { Kind } from '@/api/cards'
import { followIssue } from '@/shared/oneIssue'
import { stepWord } from '@/shared/verbs'
import { STATES, VERBS, wordFor } from '@/shared/words/domain'
import { clockTime } from '@/shared/words/format'
import { zh } from '@/shared/words/zh'

/** What happens beside an issue and leaves its state as it is. */
const BESIDE = new Set<Kind>(['receipt', 'reveal', 'viewing', 'reply', 'escalation', 'message'])

export const useDetail = defineStore('detail', () => {
  const id = ref<string | null>(null)
  /** Personal data in clear, by report, after a reveal: for this selection only, never kept. */
  const clear = shallowRef<ReadonlyMap<string, Partial<ReportDetail>>>(new Map())
  const { detail, card, version, behind, failed, fetch } = followIssue(id, () => {
    clear.value = new Map()
  })

  function select(next: string | null): void {
    id.value = next
  }

  /** Who did the last step and when, the state since, and what is open now. */
  function lastStep(): string {
    const now = detail.value
    const last = [...(now?.timeline ?? [])].reverse().find((entry) => !BESIDE.has(entry.object_kind))
    if (!now || !last) return zh.verbs.stale
    const who = last.by.name ?? last.by.unit ?? zh.verbs.someone
    const open = now.open_verbs.map((verb) => wordFor(VERBS, verb)).join(zh.common.and)
    return [
      zh.verbs.first(who, clockTime(last.at), stepWord(last.name)),
      zh.verbs.nowState(wordFor(STATES, now.card.state)),
      open ? zh.verbs.openVerbs(open) : '',
    ].join('')
  }

  /**
   * After a 409 or 412: fetches afresh and says who was first and what can be done now. Null when nobody was: since `seen`
   * nothing has happened, and the refusal's own words say why.
   */
  async function whoWasFirst(seen: number | undefined): Promise<string | null> {
    await fetch()
    return version.value === undefined || version.value === seen ? null : `${zh.verbs.notDone}${lastStep()}`
  }

  function revealed(reports: readonly ReportDetail[]): void {
    clear.value = new Map(reports.map((report) => [report.id, report]))
  }

  return { id, detail, card, version, behind, clear, failed, select, fetch, revealed, lastStep, whoWasFirst }
})

/** Today's facts as lines for the wall: item + place + state, never a word of a report. */

import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { clock } from '@/shared/clock'
import type { Fact, IssueCard } from '@/shared/protocol'
import { useObjects } from '@/shared/stores/objects'
import { sameDay } from '@/shared/words/format'

export interface Line {
  key: string
  at: string
  name: string
  card: IssueCard
}

const MOST = 40 // the wall runs for weeks: what has scrolled away is let go

export const useTicker = defineStore('ticker', () => {
  const lines = shallowRef<Line[]>([])
  const since = clock.now()

  useObjects().onFact((fact: Fact) => {
    if (fact.object.kind !== 'issue') return
    const line: Line = {
      key: `${fact.object.id}/${String(fact.version)}`,
      at: fact.at,
      name: fact.name,
      card: fact.card as unknown as IssueCard,
    }
    lines.value = [line, ...lines.value].slice(0, MOST).filter((one) => sameDay(one.at, clock.now()))
  })

  return { lines, since }
})

/** The board of open issues, kept current without eating the screen: a costly board is recomputed less often. */

import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import { boardOf } from '../board'
import type { Board } from '../board'
import { clock } from '../clock'
import type { IssueCard } from '../protocol'
import { useTime } from '../time'
import { useObjects } from './objects'

const REST_FACTOR = 4 // at most a fifth of the time goes into recomputing

export const useBoard = defineStore('board', () => {
  const objects = useObjects()
  const time = useTime()
  const board = shallowRef<Board>(boardOf([], clock.now()))
  let pending = false
  let restUntil = 0

  function compute(): void {
    pending = false
    const began = clock.ticks()
    board.value = boardOf(objects.each<IssueCard>('issue'), clock.now())
    time.wakeAt(board.value.changes)
    restUntil = clock.ticks() + (clock.ticks() - began) * REST_FACTOR
  }

  function soon(): void {
    if (pending) return
    const rest = restUntil - clock.ticks()
    if (rest <= 0) return compute()
    pending = true
    setTimeout(compute, rest)
  }

  watch([() => objects.revision, () => time.boundary], soon, { immediate: true, flush: 'sync' })

  return { board }
})

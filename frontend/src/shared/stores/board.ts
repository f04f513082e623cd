/** The board of open issues, kept current without eating the screen: a costly board is recomputed less often. */

import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import { boardOf } from '../board'
import type { Board, Ours } from '../board'
import { clock } from '../clock'
import { useTime } from '../time'
import { useObjects } from './objects'
import { useSession } from './session'
import { useUnseen } from './unseen'

const WITH_A_UNIT: ReadonlySet<string> = new Set(['sent', 'acknowledged', 'in_handling'])
const REST_FACTOR = 4 // at most a fifth of the time goes into recomputing

export const useBoard = defineStore('board', () => {
  const objects = useObjects()
  const session = useSession()
  const time = useTime()
  const unseen = useUnseen() // empty where nobody has started it
  const board = shallowRef<Board>(boardOf([], clock.now()))
  let pending = false
  let restUntil = 0

  /** For a township's or community's desk: what its unit holds or answers for, and what it has an order of to work on. */
  function ours(): Ours | undefined {
    const unit = session.ownCentre?.unit.id
    if (unit === undefined) return undefined
    const ordered = new Set<string>()
    for (const { card } of objects.each('order'))
      if (WITH_A_UNIT.has(card.state) && (card.unit === unit || card.forwards?.some((one) => one.taker === unit))) ordered.add(card.issue)
    return (id, card) => card.responsible === unit || card.holder?.unit === unit || ordered.has(id)
  }

  function compute(): void {
    pending = false
    const began = clock.ticks()
    board.value = boardOf(objects.each('issue'), clock.now(), ours(), unseen.dangerous)
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

  watch([() => unseen.dangerous, () => objects.revision, () => time.boundary, () => session.ownCentre], soon, { immediate: true, flush: 'sync' })

  return { board }
})

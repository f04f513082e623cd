/** The figures of this moment: which of them count an issue, by the conditions of the dictionary. Pure. */

import type { Light } from './lights'
import { CONDITIONS } from './words/figures'
import type { Condition } from './words/figures'

export type NowFigure = keyof typeof CONDITIONS

export const NOW_FIGURES = Object.keys(CONDITIONS) as readonly NowFigure[]
/** The states of what is open, in the order of its way: their figures add up to `open`. */
export const STATE_FIGURES = ['reported', 'accepted', 'filed', 'in_handling', 'suspended', 'fed_back', 'verified'] as const satisfies readonly NowFigure[]

export interface Seen {
  card: { state: string; urgent: boolean; sensitive: boolean; exercise: boolean }
  light: Light
}

/** Whether a figure counts an open issue, sensitive or not. Exercises are in none. */
export function isIn(figure: NowFigure, { card, light }: Seen): boolean {
  const condition: Condition = CONDITIONS[figure]
  return (
    !card.exercise &&
    condition.states.includes(card.state) &&
    (condition.light === undefined || condition.light === light) &&
    (!condition.urgent || card.urgent)
  )
}

/** Whether it is counted among what is public: the number that every screen shows. */
export const isCounted = (figure: NowFigure, seen: Seen): boolean => !seen.card.sensitive && isIn(figure, seen)

/** One decimal, half up, with its parts: 591 of 609 is 97.0 %; null without a denominator. */
export function rateOf(part: number, all: number): string | null {
  return all === 0 ? null : `${(Math.floor((part * 2000 + all) / (all * 2)) / 10).toFixed(1)}%`
}

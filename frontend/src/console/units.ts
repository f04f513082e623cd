/** Units as one searches for them. Pure. */

import type { Unit } from '@/api/calls'

/** Whether what was typed can mean the unit: a part of its name, its short name or its code. Nothing typed can mean any. */
export const canMean = (typed: string, unit: Unit): boolean =>
  `${unit.name} ${unit.short} ${unit.code}`.toLowerCase().includes(typed.trim().toLowerCase())

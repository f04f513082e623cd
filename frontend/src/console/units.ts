/** Units as one searches for them. Pure. */

import type { Unit } from '@/api/calls'
import { fits } from '@/shared/namesakes'

const holds = (unit: Unit, typed: string, where: string): boolean =>
  `${unit.name} ${unit.short} ${unit.code}`.toLowerCase().includes(typed) || fits(typed, unit.name, where) || fits(typed, unit.short, where)

/** As people shorten names: 城管 for 城市管理局, 人社 for 人力资源和社会保障局: its characters, in their order. */
function shortens(unit: Unit, typed: string): boolean {
  let from = 0
  return [...typed].every((character) => (from = unit.name.indexOf(character, from) + 1) > 0)
}

/**
 * Those that what was typed can mean: a part of the name, of the short name or of the code; only where none has it, a shortened name.
 *
 * whereOf   the unit's place in words: a name may be typed with it
 */
export function unitsMeant(typed: string, units: readonly Unit[], whereOf: (unit: Unit) => string = () => ''): Unit[] {
  const wanted = typed.trim().toLowerCase()
  const exact = units.filter((unit) => holds(unit, wanted, whereOf(unit)))
  return exact.length ? exact : units.filter((unit) => shortens(unit, wanted))
}

/** Those that share a name or short name with a unit, itself not among them. */
export function namesakesOf(unit: Unit, units: readonly Unit[]): Unit[] {
  const names = new Set([unit.name, unit.short])
  return units.filter((other) => other.id !== unit.id && (names.has(other.name) || names.has(other.short)))
}

/** How many bear the name of a unit, itself too; 0: it alone does. */
export function bearersOf(unit: Unit | undefined, units: readonly Unit[]): number {
  const others = unit ? namesakesOf(unit, units).length : 0
  return others ? others + 1 : 0
}

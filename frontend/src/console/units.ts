/** Units as one searches for them. Pure. */

import type { Unit } from '@/api/calls'

const holds = (unit: Unit, typed: string): boolean => `${unit.name} ${unit.short} ${unit.code}`.toLowerCase().includes(typed)

/** As people shorten names: 城管 for 城市管理局, 人社 for 人力资源和社会保障局: its characters, in their order. */
function shortens(unit: Unit, typed: string): boolean {
  let from = 0
  return [...typed].every((character) => (from = unit.name.indexOf(character, from) + 1) > 0)
}

/** Those that what was typed can mean: a part of the name, of the short name or of the code; only where none has it, a shortened name. */
export function unitsMeant(typed: string, units: readonly Unit[]): Unit[] {
  const wanted = typed.trim().toLowerCase()
  const exact = units.filter((unit) => holds(unit, wanted))
  return exact.length ? exact : units.filter((unit) => shortens(unit, wanted))
}

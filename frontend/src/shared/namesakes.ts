/** Names that several bear, told apart by what differs: where each lies, or else its code. Pure. */

import { lists } from './words/lists'

/** What tells one of several from the others; empty: nothing. */
type Telling<T> = (one: T) => string

/**
 * What each is called: its name alone where nobody else bears it, else with what tells it from its namesakes.
 *
 * by   what may differ, the plainest first; the last one always does
 */
export function apart<T>(all: readonly T[], nameOf: (one: T) => string, ...by: Telling<T>[]): Map<T, string> {
  const bearers = new Map<string, T[]>()
  for (const one of all) {
    const group = bearers.get(nameOf(one))
    if (group) group.push(one)
    else bearers.set(nameOf(one), [one])
  }
  const called = new Map<T, string>()
  for (const [name, group] of bearers) {
    const differs = (of: Telling<T>): boolean => group.every((one) => of(one) !== '') && new Set(group.map(of)).size === group.length
    const telling = by.find(differs) ?? by.at(-1)
    for (const one of group) called.set(one, group.length > 1 && telling ? `${name}（${telling(one)}）` : name)
  }
  return called
}

/** The names of the places that hold a path, the widest first, the district left out: it is said by nobody. */
export function above(path: string | null | undefined, names: ReadonlyMap<string, string>): string {
  const steps = (path ?? '').split('/')
  const upper = steps.slice(1, -1).map((_, index) => steps.slice(0, index + 2).join('/'))
  return upper.map((one) => names.get(one) ?? '').filter(Boolean).join('/')
}

/** Whether what was typed stands in a name, alone or with the place before or behind it, of which some may be left out. */
export function fits(typed: string, name: string, where: string): boolean {
  const wanted = plain(typed)
  let places = ['']
  for (const step of where.split('/')) places = [...places, ...places.map((before) => before + step)]
  return places.some((place) => plain(place + name).includes(wanted) || plain(name + place).includes(wanted))
}

/** Without what parts a place from what lies in it. */
const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s/／（）()]/g, '')

interface NamedUnit {
  code: string
  name: string
  short: string
  kind: string
}
const OF_PLACES = new Set(['township_centre', 'community_centre'])

export interface UnitNames<T> {
  /** What each place is called, by its path: as the unit that answers for it. */
  places: ReadonlyMap<string, string>
  /** In which township, and community, a unit lies; empty for one that answers for no such place. */
  whereOf: (one: T) => string
  shortOf: (one: T) => string
  wholeOf: (one: T) => string
}

/** What the units are called, so that no two are called the same. */
export function unitNames<T extends NamedUnit>(units: readonly T[], placeOf: (one: T) => string | null): UnitNames<T> {
  const short = (one: T): string => one.short || one.name
  const places = new Map<string, string>()
  for (const one of units) {
    const place = placeOf(one)
    if (place && OF_PLACES.has(one.kind)) places.set(place, short(one))
  }
  const whereOf = (one: T): string => above(placeOf(one), places)
  const code = (one: T): string => lists.code(one.code)
  const shorts = apart(units, short, whereOf, code)
  const wholes = apart(units, (one) => one.name, whereOf, code)
  return { places, whereOf, shortOf: (one) => shorts.get(one) ?? short(one), wholeOf: (one) => wholes.get(one) ?? one.name }
}

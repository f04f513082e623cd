/** Catalogue, units and channels: what codes mean. Loaded with the page, and again when an administrator changed them. */

import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { api } from '@/api/calls'
import type { CatalogueItem, Reference, Unit } from '@/api/calls'
import { apart, unitNames } from '../namesakes'
import { useObjects } from './objects'

const KEPT = new Set(['unit', 'channel', 'catalogue_item'])
const QUIET_MS = 300 // an import tells of many at once
const AGAIN_MS = 5_000

export const useReference = defineStore('reference', () => {
  const reference = shallowRef<Reference>({
    catalogue: [],
    units: [],
    channels: [],
    cells: null,
    decline_grounds: [],
    outcomes: [],
    results: [],
  })
  const items = computed(() => new Map(reference.value.catalogue.map((item) => [item.code, item])))
  const units = computed(() => new Map(reference.value.units.map((unit) => [unit.id, unit])))
  const unitsByCode = computed(() => new Map(reference.value.units.map((unit) => [unit.code, unit])))
  const channels = computed(() => new Map(reference.value.channels.map((channel) => [channel.code, channel])))

  async function load(): Promise<void> {
    reference.value = await api.reference()
  }

  let timer: ReturnType<typeof setTimeout> | undefined
  function again(after: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void load().catch(() => again(AGAIN_MS)), after)
  }
  useObjects().onFact((fact) => {
    if (KEPT.has(fact.object.kind)) again(QUIET_MS)
  })

  const itemNames = computed(() => apart(reference.value.catalogue.filter((one) => !one.retired), (one) => one.item_zh, (one) => one.category_zh, (one) => one.code))
  const item = (code: string): CatalogueItem | undefined => items.value.get(code)
  /** The item's Chinese name, told apart where two have it; its code until the catalogue is here. */
  const itemName = (code: string): string => {
    const found = items.value.get(code)
    return found ? (itemNames.value.get(found) ?? found.item_zh) : code
  }
  const unit = (id: string): Unit | undefined => units.value.get(id)
  const names = computed(() => unitNames(reference.value.units, (one) => one.place))
  /** What each place is called, by its path. */
  const places = computed(() => names.value.places)
  /** The unit's short name, with its place where another is called the same. */
  const unitName = (id: string): string => {
    const found = units.value.get(id)
    return found ? names.value.shortOf(found) : '—'
  }
  /** The unit's whole name, likewise. */
  const unitWhole = (one: Unit): string => names.value.wholeOf(one)
  const whereOf = (one: Unit): string => names.value.whereOf(one)
  const channelName = (code: string): string => channels.value.get(code)?.name_zh ?? code

  return { reference, items, units, unitsByCode, places, load, item, itemName, unit, unitName, unitWhole, whereOf, channelName }
})

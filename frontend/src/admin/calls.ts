/** Each call of the API that the administrator's screen makes. */

import { request } from '@/api/client'
import type { Answer } from '@/api/calls'
import type { components } from '@/api/schema'
import type { SettingName, Settings } from '@/api/settings'

type Schemas = components['schemas']
export type Account = Schemas['AccountOut']
export type KeptUnit = Schemas['KeptUnitOut']
export type Contact = Schemas['ContactOut']
export type Place = Schemas['PlaceOut']
export type KeptChannel = Schemas['KeptChannelOut']
export type KeptItem = Schemas['KeptItemOut']
export type Setting = Schemas['SettingOut']
export type SettingChange = Schemas['SettingChangeOut']
export type OutsideWay = Schemas['OutsideWayOut']
export type Delegation = Schemas['DelegationOut']
export type Client = Schemas['ClientOut']
export type DryRun = Schemas['DryRunOut']
export type TakenIn = Schemas['TakenInOut']
export type TakenUnits = Schemas['TakenUnitsOut']
export type TakenShifts = Schemas['TakenShiftsOut']
export type ListKind = 'people' | 'units' | 'rosters'

/** What a setting is now, of those that were read. undefined: none was. */
export function settingOf<N extends SettingName>(rows: readonly Setting[], name: N): Settings[N] | undefined {
  return rows.find((one) => one.name === name)?.value as Settings[N] | undefined
}

const read = async <T>(path: string): Promise<T> => (await request<T>('GET', `/admin${path}`)).data

/** A command: with the intent's key, on the version that was seen. */
export const act = async <T = Answer>(path: string, body: unknown, key: string, version?: number): Promise<T> =>
  (await request<T>('POST', `/admin${path}`, { body, key, version })).data

const upload = async <T>(path: string, file: File, key?: string): Promise<T> => {
  const form = new FormData()
  form.append('file', file)
  return (await request<T>('POST', `/admin${path}`, { form, key })).data
}

const LISTS = { people: '/imports', units: '/imports/units', rosters: '/imports/rosters' } as const satisfies Record<ListKind, string>

export const admin = {
  people: (q: string, cursor = '') =>
    read<Schemas['AccountPageOut']>(`/people?q=${encodeURIComponent(q)}&cursor=${encodeURIComponent(cursor)}`),
  unitPeople: (unit: string) => read<Schemas['AccountPageOut']>(`/people?unit=${unit}`),
  units: () => read<KeptUnit[]>('/units'),
  contacts: (unit: string) => read<Contact[]>(`/units/${unit}/contacts`),
  places: (q: string, tiers: readonly string[]) =>
    read<Place[]>(`/places?${new URLSearchParams([['q', q], ...tiers.map((tier) => ['tier', tier])])}`),
  channels: () => read<KeptChannel[]>('/channels'),
  catalogue: () => read<KeptItem[]>('/catalogue'),
  settings: () => read<Setting[]>('/settings'),
  history: (name: SettingName) => read<SettingChange[]>(`/settings/${name}/history`),
  outsideWays: () => read<OutsideWay[]>('/outside-ways'),
  delegations: () => read<Delegation[]>('/delegations'),
  clients: () => read<Client[]>('/api-clients'),
  template: (kind: ListKind) => `/api/v1/admin${LISTS[kind]}/template`,
  check: (kind: ListKind, file: File) => upload<DryRun>(`${LISTS[kind]}/check`, file),
  takePeople: (file: File, key: string) => upload<TakenIn>(`${LISTS.people}/take`, file, key),
  takeRosters: (file: File, key: string) => upload<TakenShifts>(`${LISTS.rosters}/take`, file, key),
  takeUnits: (file: File, key: string) => upload<TakenUnits>(`${LISTS.units}/take`, file, key),
}

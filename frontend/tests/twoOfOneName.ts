/** Units of which two have one name: code, short name, kind, where they lie. */
export const UNITS_OF_ONE_NAME: readonly (readonly [code: string, short: string, kind: string, place: string | null])[] = [
  ['jindu', '金渡镇', 'township_centre', 'r/1'],
  ['liupu', '柳浦镇', 'township_centre', 'r/2'],
  ['f1', '枫渚社区', 'community_centre', 'r/1/1'],
  ['f2', '枫渚社区', 'community_centre', 'r/2/1'],
  ['lianhe', '联合社区', 'community_centre', 'r/2/2'],
  ['water', '水利局', 'department', null],
]

/** Words of lists that go on: how much more there is, and how to come to it. */

export const lists = {
  /** What a list of suggestions leaves out: typing on narrows it. */
  moreToType: (n: number) => `还有 ${String(n)} 个，请再输入几个字`,
  code: (code: string) => `代码 ${code}`,
  /** Nothing is chosen by a name that several bear. */
  namesakes: (n: number) => `有 ${String(n)} 个同名，没有选定：请按括号中的所在地或代码点选，或连同镇街名一起输入`,
  more: (n: number) => `还有 ${String(n)} 件，继续加载`,
  find: '查一件：编号、来件单位的工单号、网格、条目',
  findGo: '查询',
  findFailed: '没有查成，请重试。',
  foundNone: '没有符合的事项。',
  moreUncounted: '还有更多，继续加载',
  olderOwn: '更早的上报',
  narrow: '只列前 30 个，请输入名称或代码缩小范围',
  changesCut: (n: number) => `只列最近的 ${String(n)} 次修改。`,
  likeliest: (n: number) => `只列最相近的 ${String(n)} 件，其他的请按编号查找。`,
  notWhole: '清单没有取全，未导出，请重试。',
  mergedCut: (n: number) => `另有 ${String(n)} 件并入的事项未在此列出，可按编号查询。`,
}

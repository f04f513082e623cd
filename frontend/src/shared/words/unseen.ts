/** Words of the mark that others have changed something since one looked. */

export const unseen = {
  mark: '新',
  marked: '上次查看后有新情况',
  since: '上次查看后的新情况：',
  danger: (numbers: string) => `来文提到危险，请先判断是否拨 ${numbers}`,
  dangerMark: '危险',
  inTitle: (n: number, title: string) => `（${String(n)}）${title}`,
}

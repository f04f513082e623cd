/** The photo picker's words, the same wherever a photo is chosen; each screen says by itself how one is taken. */

export const PHOTOS = {
  count: (n: number, most: number) => `${String(n)} / ${String(most)} 张`,
  remove: (n: number) => `删除第 ${String(n)} 张照片`,
  photo: (n: number) => `照片 ${String(n)}`,
  preparing: '照片处理中…',
  leftOut: (n: number, most: number) => `最多 ${String(most)} 张，有 ${String(n)} 张没有加上。`,
  fault: '这个文件不是照片，或太大（最多 20 MB）。',
}

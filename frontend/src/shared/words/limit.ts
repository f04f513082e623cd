/** What a field says of its length. */
export const limit = {
  near: (chars: number, most: number): string => `${chars} / ${most}`,
  over: (chars: number, most: number): string => `${chars} / ${most}，超出 ${chars - most} 字，请精简后再提交。`,
}

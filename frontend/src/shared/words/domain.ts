/** Chinese words of the domain by their code, as the server declares them, joined as screens look them up. */

import { DEEDS, ISSUE_STATES, ISSUE_VERBS, ORDER_STATES, ORDER_VERBS, RANKS as POST_RANKS, REQUEST_VERBS } from '@/api/words'

export * from '@/api/words'

/** Of issues and of orders: what both have is called alike. */
export const STATES = { ...ISSUE_STATES, ...ORDER_STATES } as const

/** Whatever a screen offers or tells of. A verb that two nouns have is called alike, but for 撤回: an issue's is named last. */
export const VERBS = { ...REQUEST_VERBS, ...ORDER_VERBS, ...ISSUE_VERBS, ...DEEDS } as const

/** Who of a unit is told, in the order of the ladder: a contact, or everybody. */
export const RANKS = { ...POST_RANKS, on_duty: '值班人员', unit: '全单位' } as const

/** The word of a code; the code itself where a newer server knows more. */
export const wordFor = (table: Readonly<Record<string, string>>, code: string): string => table[code] ?? code

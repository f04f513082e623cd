/** Which pages of this browser are still open: what an open one writes is its own, what a closed one left is taken over once. */

import { newUuid } from '../uuid'

const nameOf = (page: string): string => `relay60.page.${page}`
const locks = (): LockManager | undefined => (globalThis.navigator as Navigator | undefined)?.locks

/** This page, which says so for as long as it lives. */
export function thisPage(): string {
  const page = newUuid()
  void locks()?.request(nameOf(page), () => new Promise(() => undefined))
  return page
}

/**
 * Runs `take` when that page has gone, and no other page takes over from it at the same time. Resolves once it has run, or
 * at once where the page is still open: then it runs later, should the page go before this one does.
 */
export async function whenGone(page: string, take: () => Promise<void>): Promise<void> {
  const manager = locks()
  if (!manager) return take()
  const ran = await manager.request(nameOf(page), { ifAvailable: true }, async (lock) => {
    if (lock) await take()
    return lock !== null
  })
  if (!ran) void manager.request(nameOf(page), take)
}

/** Finds catalogue items by what people say. A match suggests; a person decides. Pure. */

import type { CatalogueItem } from '@/api/calls'

/**
 * Items for `text`, best first: the longest keyword that the text contains or that contains the text, the item's own name
 * before its category's. Empty text gives nothing. How many of them are shown is the list's to say.
 */
export function searchItems(items: readonly CatalogueItem[], text: string): CatalogueItem[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return []
  const words = wanted.split(/\s+/)
  return items
    .filter((item) => !item.retired)
    .map((item) => ({ item, score: words.reduce((sum, word) => sum + scoreOf(item, word), 0) }))
    .filter((found) => found.score > 0)
    .sort((a, b) => b.score - a.score || (a.item.code < b.item.code ? -1 : 1))
    .map((found) => found.item)
}

function scoreOf(item: CatalogueItem, word: string): number {
  let score = 0
  if (item.code.startsWith(word)) score += 6
  if (item.item_zh.includes(word)) score += 4 + word.length
  if (item.category_zh.includes(word)) score += 1
  let longest = 0
  for (const keyword of item.keywords) {
    // A sentence contains the keyword, or the few characters typed so far are part of it.
    if (word.includes(keyword) || keyword.includes(word)) longest = Math.max(longest, Math.min(keyword.length, word.length) + 1)
  }
  return score + longest * 2
}

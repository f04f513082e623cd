/** Who else has the open issue before their eyes: asked quietly while it is open and this page is seen. */

import { computed, onBeforeUnmount, ref, watch } from 'vue'
import type { Ref } from 'vue'
import { api } from '@/api/calls'
import type { Presence } from '@/api/calls'
import { useReference } from '@/shared/stores/reference'
import { ROLES, wordFor } from '@/shared/words/domain'
import { words } from '@/shared/words/desk'

const FIRST_MS = 1_500 // who only passes by with the arrows doesn't look
const AGAIN_MS = 10_000

export function useOnlookers(id: Ref<string | null>) {
  const reference = useReference()
  const told = ref<Presence | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(): Promise<void> {
    const looked = id.value
    if (looked === null) return
    try {
      const found = document.visibilityState === 'hidden' ? null : await api.lookAt(looked)
      if (looked === id.value) told.value = found
    } catch {
      if (looked === id.value) told.value = null // the next round asks again; the link's state says what is wrong
    }
    if (looked === id.value) timer = setTimeout(() => void ask(), AGAIN_MS)
  }

  watch(
    id,
    () => {
      clearTimeout(timer)
      told.value = null
      timer = setTimeout(() => void ask(), FIRST_MS)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => {
    clearTimeout(timer)
  })

  /** In words: the posts, or that it is not known; empty when nobody else looks. */
  return computed(() => {
    if (!told.value) return ''
    if (!told.value.known) return words.onlookers.unknown
    const posts = told.value.others.map((one) => `${reference.unitName(one.unit)} ${wordFor(ROLES, one.role)}`)
    const counted = [...new Set(posts)].map((post) => words.onlookers.times(post, posts.filter((one) => one === post).length))
    return counted.length > 0 ? words.onlookers.also(counted.join(words.onlookers.and)) : ''
  })
}

/** How many issues may be about the same matter: asked once per issue that may still be merged. */

import { ref, watch } from 'vue'
import type { Ref } from 'vue'
import { api } from '@/api/calls'
import type { IssueDetail } from '@/api/calls'

export function useCandidates(detail: Ref<IssueDetail | null>) {
  const count = ref(0)
  let asked: string | null = null

  async function look(id: string): Promise<void> {
    try {
      const found = await api.duplicates(id)
      if (asked === id) count.value = found.length
    } catch {
      // a hint only: the dialog asks again and says what is wrong
    }
  }

  watch(
    detail,
    (now) => {
      if (now?.id === asked) return
      asked = now?.id ?? null
      count.value = 0
      if (now?.open_verbs.includes('merge')) void look(now.id)
    },
    { immediate: true },
  )

  return { count }
}

/** What the server finds for the words that stand in the queue's search: what has ended, and what only it knows, as the sender's number. */

import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/calls'
import type { IssuePage } from '@/api/calls'
import { useDesk } from './desk'

const SETTLED_MS = 300
/** Words that may be a number, or the end of one, are asked after by themselves: no row shows the sender's. */
const NUMBERED = /^(?=(?:.*[0-9\uFF10-\uFF19]){3}).{4,}$/u

export const useFound = defineStore('found', () => {
  const desk = useDesk()
  const words = computed(() => desk.filter.text.trim())
  const issues = shallowRef<IssuePage['issues'] | null>(null)
  const cursor = ref<string | null>(null)
  const failed = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(words, (now) => {
    issues.value = cursor.value = null
    failed.value = false
    clearTimeout(timer)
    if (NUMBERED.test(now)) timer = setTimeout(() => void find(), SETTLED_MS)
  })

  /** Asks for the words that stand there; `more`: for the page behind those that were found. */
  async function find(more = false): Promise<void> {
    failed.value = false
    const asked = words.value
    try {
      const page = await api.find(asked, more ? cursor.value : null)
      if (asked !== words.value) return
      issues.value = more ? [...(issues.value ?? []), ...page.issues] : page.issues
      cursor.value = page.cursor
    } catch {
      failed.value = asked === words.value
    }
  }

  /** The open ones: the queue shows them among its rows. */
  const open = computed<ReadonlySet<string>>(() => new Set((issues.value ?? []).filter((one) => one.card.open).map((one) => one.id)))
  const ended = computed(() => (issues.value ?? []).filter((one) => !one.card.open))

  return { issues, open, ended, cursor, failed, find }
})

/** Messages that lie before somebody's eyes are told as read, by their unit: once each, after a moment. */

import { onScopeDispose, watch } from 'vue'
import type { Ref } from 'vue'
import { api } from '@/api/calls'
import type { IssueDetail } from '@/api/calls'
import { Refusal, Unreachable } from '@/api/client'
import { useSession } from './stores/session'
import { newUuid } from './uuid'

const MOMENT_MS = 700 // as for the mark of what is new
const MOST = 100 // as the server takes in one act

/** The messages that no unit of these has read, and none of them wrote. Pure. */
export function unread(detail: IssueDetail, units: ReadonlySet<string>): string[] {
  return detail.messages
    .filter((one) => !units.has(one.unit) && !one.struck && !one.read.some((mark) => units.has(mark.unit)))
    .map((one) => one.id)
}

/** `drawn`: all that is known stands there. */
export function useReading(detail: Readonly<Ref<IssueDetail | null>>, drawn: () => boolean): void {
  const session = useSession()
  const told = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined

  const mine = (): string[] =>
    detail.value && drawn() && session.may('messages.write') ? unread(detail.value, session.units).filter((id) => !told.has(id)) : []

  function later(): void {
    clearTimeout(timer)
    if (mine().length && document.visibilityState === 'visible') timer = setTimeout(() => requestAnimationFrame(() => void tell()), MOMENT_MS)
  }
  async function tell(): Promise<void> {
    const issue = detail.value?.id
    const ids = mine().slice(0, MOST)
    if (issue === undefined || !ids.length || document.visibilityState === 'hidden') return
    for (const id of ids) told.add(id)
    try {
      await api.readMessages(issue, ids, newUuid())
    } catch (error) {
      if (error instanceof Unreachable) for (const id of ids) told.delete(id) // with the next change
      else if (!(error instanceof Refusal)) throw error
    }
  }

  watch([detail, drawn], later, { immediate: true, flush: 'post' })
  document.addEventListener('visibilitychange', later)
  onScopeDispose(() => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', later)
  })
}

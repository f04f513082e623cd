/** Return requests of an issue: with their words where the detail tells them, else those that are live in this scope. */

import type { IssueDetail, ReturnRequest } from '@/api/calls'
import type { ReturnRequestCard } from './protocol'
import { useObjects } from './stores/objects'
import { useSession } from './stores/session'

const RULINGS = ['grant', 'compel'] as const

/** Read within a computed value: it follows the live objects. */
export function useRequests() {
  const objects = useObjects()
  const session = useSession()

  return (issue: string, detail: IssueDetail | null): ReturnRequest[] => {
    void objects.revision
    const told = detail?.requests ?? []
    const live = [...objects.each<ReturnRequestCard>('return_request')]
      .filter((one) => one.card.issue === issue && !told.some((known) => known.id === one.id))
      .map(({ id, version, card }) => ({
        id,
        version,
        card,
        text: null,
        ruling: null,
        open_verbs: RULINGS.filter((verb) => session.may(`returns.${verb}`)),
      }))
    return [...told, ...live]
  }
}

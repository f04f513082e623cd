/** The page's title, with how many calls ring and how many matters have changed unseen: it is read in the browser's tab, too. */

import { watch } from 'vue'
import type { Ref } from 'vue'
import { useCalls } from './stores/calls'
import { useUnseen } from './stores/unseen'
import { calls as callWords } from './words/calls'
import { unseen as words } from './words/unseen'

export function useTitle(title: Readonly<Ref<string>>): void {
  const unseen = useUnseen()
  const calls = useCalls()
  watch(
    [title, () => unseen.ids.size, () => calls.matters.length],
    ([now, count, ringing]) => {
      const marked = count ? words.inTitle(count, now) : now
      document.title = ringing ? callWords.inTitle(ringing, marked) : marked
    },
    { immediate: true },
  )
}

/** The page's title, with how many matters have changed unseen: it is read in the browser's tab, too. */

import { watch } from 'vue'
import type { Ref } from 'vue'
import { useUnseen } from './stores/unseen'
import { unseen as words } from './words/unseen'

export function useTitle(title: Readonly<Ref<string>>): void {
  const unseen = useUnseen()
  watch([title, () => unseen.ids.size], ([now, count]) => (document.title = count ? words.inTitle(count, now) : now), { immediate: true })
}

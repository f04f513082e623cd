/** The key of the next step, and its button: what was pressed is done once on the state that one reads, or visibly not. */

import { computed, onScopeDispose, ref, watch } from 'vue'
import type { Ref } from 'vue'

/** A step that has only just taken the place of another is not what the press was meant for. */
export const STEADY_MS = 400
/** So long a press waits for the issue to be fetched again. */
export const KEPT_MS = 5_000

export interface Pressed {
  /** Of the issue that is open. */
  id: Readonly<Ref<string | null>>
  /** What the key would do now; null: nothing. */
  step: Readonly<Ref<string | null>>
  /** What is shown is older than what was told: it is being fetched again. */
  behind: Readonly<Ref<boolean>>
  busy: Readonly<Ref<boolean>>
  act: () => void
  /** A press that was kept came to nothing. */
  dropped: (step: string) => void
}

export function usePress({ id, step, behind, busy, act, dropped }: Pressed) {
  const settling = ref(false)
  /** The step that was pressed while the issue is being fetched again: done if it is the same then. */
  const kept = ref<string | null>(null)
  let settled: ReturnType<typeof setTimeout> | undefined
  let patience: ReturnType<typeof setTimeout> | undefined

  function end(done: boolean): void {
    const was = kept.value
    clearTimeout(patience)
    kept.value = null
    if (was === null) return
    if (done) act()
    else dropped(was)
  }

  function press(): void {
    if (off.value || busy.value || step.value === null) return
    if (!behind.value) return act()
    kept.value = step.value
    patience = setTimeout(() => {
      end(false)
    }, KEPT_MS)
  }

  watch([id, step], ([now], [before]) => {
    clearTimeout(settled)
    settling.value = now === before && kept.value === null
    settled = setTimeout(() => (settling.value = false), STEADY_MS)
    if (now !== before) {
      clearTimeout(patience)
      kept.value = null // who has gone on to another issue meant this one no longer
    } else if (kept.value !== null && kept.value !== step.value) {
      end(false)
      settling.value = true
    }
  })
  watch(behind, (now) => {
    if (!now) end(kept.value === step.value)
  })
  onScopeDispose(() => {
    clearTimeout(settled)
    clearTimeout(patience)
  })

  /** The button does nothing now, and must look so. */
  const off = computed(() => settling.value || kept.value !== null)
  return { off, kept, press }
}

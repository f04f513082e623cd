/** The console's keys. None works while one types or while a dialog is open. */

import type { Filter } from '@/shared/board'

export interface Keys {
  dialogOpen: boolean
  /** A report is being taken, or a point picked: what lies beside it is left alone. */
  entering: boolean
  help(): void
  more(): void
  find(): void
  report(): void
  shift(): void
  search(): void
  tab(tab: Filter['tab']): void
  refresh(): void
  map(): void
  shade(): void
  print(): void
  next(): void
  move(by: number): void
  escape(): void
}

const TABS: Readonly<Record<string, Filter['tab']>> = { '1': 'all', '2': 'ours', '3': 'out', '4': 'red', '5': 'unplaced', '6': 'returns', '7': 'unanswered', '8': 'unseen' }

const RUNS: Readonly<Record<string, (keys: Keys) => void>> = {
  '?': (keys) => keys.help(),
  '.': (keys) => keys.more(),
  f: (keys) => keys.find(),
  n: (keys) => keys.report(),
  h: (keys) => keys.shift(),
  '/': (keys) => keys.search(),
  r: (keys) => keys.refresh(),
  m: (keys) => keys.map(),
  c: (keys) => keys.shade(),
  p: (keys) => keys.print(),
  ' ': (keys) => keys.next(),
  ArrowDown: (keys) => keys.move(1),
  ArrowUp: (keys) => keys.move(-1),
}
/** All that do something; the help lists them. */
export const KEYS: readonly string[] = [...Object.keys(TABS), ...Object.keys(RUNS), 'Escape']

/** True when the key's target takes text, or is a control that has its own use for the key. */
function typing(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.matches('input:not([type=radio],[type=checkbox]), textarea, select')) return true
  return (key === ' ' || key === 'Enter') && target.matches('button, a, input')
}

/** Runs what the key stands for. */
export function shortcut(event: KeyboardEvent, keys: Keys): void {
  if (keys.dialogOpen || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
  if (event.key === 'Escape') return keys.escape()
  if (keys.entering || typing(event.target, event.key)) return
  const tab = TABS[event.key]
  const run = RUNS[event.key.length === 1 ? event.key.toLowerCase() : event.key]
  if (!tab && !run) return
  event.preventDefault()
  if (event.repeat && !event.key.startsWith('Arrow')) return // a key held down is one act
  if (tab) keys.tab(tab)
  else run?.(keys)
}

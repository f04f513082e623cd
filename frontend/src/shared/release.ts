/**
 * Whether the server has another release of this screen, and when to take it: at a moment in which nobody has a hand on the
 * screen, no dialog is open and nothing is half written. Until then the screen says so (ReleaseNotice.vue).
 */

import { ref, watch } from 'vue'
import { clock } from './clock'

const LOOK_EVERY_MS = 300_000
const LOOK_FOR_QUIET_MS = 3_000
const QUIET_MS = 15_000
/** A page that was taken and is still another (two gateways, one of them old) is not taken again at once: no screen flickers. */
const AGAIN_MS = 600_000
const TAKEN = 'relay60.release'

/** What a page consists of at its first drawing: every build names its files by their content. */
function programOf(page: Document): string {
  const named = page.querySelectorAll('script[type=module][src], link[rel=stylesheet][href], link[rel=modulepreload][href]')
  return [...named].map((one) => one.getAttribute('src') ?? one.getAttribute('href')).sort().join(' ')
}

/** This page's, before its lazy parts add their own. */
const own = programOf(document)

/** A newer release is up, and waits for a quiet moment. */
export const newer = ref(false)
const holds = new Set<() => boolean>()
let touched = clock.ticks()

/** How long nobody has pressed, moved or typed anything here, in milliseconds. */
export const untouchedMs = (): number => clock.ticks() - touched

/** While `holds` answers true this page is not left for a newer one. Answers how to end that. */
export function holdRelease(check: () => boolean): () => void {
  holds.add(check)
  return () => holds.delete(check)
}

/** Leaves for the newer release now. */
export const renew = (): void => {
  location.reload()
}

const isWriting = (): boolean => [...document.querySelectorAll('textarea')].some((field) => field.value !== '')
const isHeld = (): boolean => document.querySelector('dialog[open]') !== null || isWriting() || [...holds].some((check) => check())

let theirs = ''

/** Whether the server's page names other files than this one; rejects when there is no answer. */
async function isOutdated(): Promise<boolean> {
  const answer = await fetch(location.pathname, { cache: 'no-store' })
  if (!answer.ok) return false
  theirs = programOf(new DOMParser().parseFromString(await answer.text(), 'text/html'))
  return theirs !== '' && own !== '' && theirs !== own
}

function wasJustTaken(): boolean {
  const [at, program] = (sessionStorage.getItem(TAKEN) ?? '').split('\n')
  return program === theirs && clock.now() - Number(at) < AGAIN_MS
}

function takeWhenQuiet(quietMs: number): void {
  if (!newer.value || isHeld() || wasJustTaken()) return
  if (document.visibilityState === 'visible' && untouchedMs() < quietMs) return
  sessionStorage.setItem(TAKEN, `${String(clock.now())}\n${theirs}`)
  renew()
}

export interface Following {
  /** Turns true each time the screen has come back after a cut: an upgrade restarts the gateway. */
  back?: () => boolean
  /** Tells whether another release is here; else the server's page is compared with this one. */
  isOld?: () => Promise<boolean>
  /** How long nobody may have touched the screen; a wall has nobody. */
  quietMs?: number
}

/** Looks for a newer release after each cut, every five minutes and when somebody comes back to the page. Answers how to look at once. */
export function followRelease({ back, isOld = isOutdated, quietMs = QUIET_MS }: Following = {}): () => Promise<void> {
  async function look(): Promise<void> {
    try {
      newer.value = await isOld()
    } catch {
      return // cut off: looked at after the next cut
    }
    takeWhenQuiet(quietMs)
  }
  const touch = (): void => {
    touched = clock.ticks()
  }
  for (const event of ['pointerdown', 'pointermove', 'keydown', 'input', 'wheel', 'touchstart']) window.addEventListener(event, touch, { capture: true, passive: true })
  if (back) watch(back, (now) => now && void look())
  document.addEventListener('visibilitychange', () => void look())
  setInterval(() => void look(), LOOK_EVERY_MS)
  setInterval(() => {
    takeWhenQuiet(quietMs)
  }, LOOK_FOR_QUIET_MS)
  return look
}

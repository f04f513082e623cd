/**
 * Under which key a list was sent from this browser, by what is in the file. An answer that was lost, or a page that was
 * closed before its first passwords were saved, is asked for again under that key. The key opens nothing by itself.
 */

import type { ListKind } from './calls'

const MOST = 20

const placeOf = async (kind: ListKind, file: File): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
  return `relay60-list:${kind}:${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

/** The key under which this very file was sent; null when it was not, or its answer has been saved. */
export async function rememberedKey(kind: ListKind, file: File): Promise<string | null> {
  try {
    return localStorage.getItem(await placeOf(kind, file))
  } catch {
    return null // a browser that keeps nothing, or a page without a safe origin
  }
}

/** Keeps the key before the list is sent. */
export async function remember(kind: ListKind, file: File, key: string): Promise<void> {
  try {
    const place = await placeOf(kind, file)
    const kept = Object.keys(localStorage).filter((name) => name.startsWith('relay60-list:') && name !== place)
    for (const old of kept.slice(0, Math.max(0, kept.length - MOST + 1))) localStorage.removeItem(old)
    localStorage.setItem(place, key)
  } catch {
    // not kept: the list can still be taken in
  }
}

/** The answer is in somebody's hands. */
export async function forget(kind: ListKind, file: File): Promise<void> {
  try {
    localStorage.removeItem(await placeOf(kind, file))
  } catch {
    // nothing was kept
  }
}

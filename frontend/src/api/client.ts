/** HTTP with the server: the only `fetch`. Refusals arrive as problem+json (RFC 9457) and are thrown as `Refusal`. */

import { SignedOut } from '@/shared/signedOut'
import type { components } from './schema'

/** What the server may refuse with, each declared in server/refusals/: one who waits for another does not compile. */
export type RefusalCode = components['schemas']['ProblemOut']['code']

/** What a refusal says. `code` is stable; title, detail and remedy are Chinese, ready to be shown. */
export interface Problem {
  /** `http.<status>` where the answer was no document of ours. */
  code: RefusalCode | `http.${number}`
  title: string
  status: number
  detail?: string
  field?: string
  rule?: string
  remedy?: string
  state?: string
  verb?: string
  open?: string[]
  [more: string]: unknown
}

export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title)
  }
}

/** No answer came: whether the command was carried out is unknown. Repeat it with the same key. */
export class Unreachable extends Error {
  /**
   * status    what the server said all the same, 5xx; null when nothing was heard
   * refused   why the server did nothing at all (a disk is full, others held the lock for long): the outcome is known
   */
  constructor(
    message: string,
    readonly status: number | null = null,
    readonly refused: Problem | null = null,
  ) {
    super(message)
  }
}

export interface Answered<T> {
  status: number
  data: T
  /** From ETag: the object's version. */
  version: number | null
}

export interface Call {
  body?: unknown
  /** Files, instead of a body. */
  form?: FormData
  /** Idempotency-Key: one per intent of the person, the same at each repeat. */
  key?: string
  /** If-Match: the version the person saw. */
  version?: number
  /** Whose act it is: the server refuses it (401) under anybody else's session, whoever has signed in meanwhile. */
  person?: string
}

const BASE = '/api/v1'
const SESSION = '/session'
const TIMEOUT_MS = 15_000
/** Refusals by 503 that say that nothing was done; after `database.unavailable` it may have been. */
const NOTHING_DONE: ReadonlySet<string> = new Set<RefusalCode>(['clock.stepped', 'disk.full', 'lock.busy', 'workshop.full'])
const FILE_TIMEOUT_MS = 120_000 // a photo over a village's network
let device: string | null = null
let screen = false
let actor: string | null = null
let lost = false
/** Grows with each sign-in: that nobody was known when something was asked says nothing of who is here now. */
let era = 0
let whenLost: () => void = () => undefined

/** A wall has no session: it shows `id:secret` instead, and until it has one nothing. Its page never sends the cookie of a person who signed in at the same browser. */
export function useDevice(idAndSecret: string | null): void {
  device = idAndSecret
  screen = true
}

/** Whose screen this is: under another person's session in the same browser the server refuses what is asked here (401). */
export function actAs(person: string | null): void {
  actor = person
  lost = false
  era += 1
}

/** Called when the server no longer knows who asks. Until `actAs` nothing is asked of it any more but about the session. */
export function onLost(run: () => void): void {
  whenLost = run
}

/** What a request that others make for us (the map's worker) has to carry. */
export const credentials = (): Record<string, string> => (device ? { 'X-Device': device } : {})

function cookie(name: string): string {
  return document.cookie.split('; ').find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
}

function headersOf(method: string, path: string, call: Call): Headers {
  const headers = new Headers({ Accept: 'application/json' })
  if (call.body !== undefined) headers.set('Content-Type', 'application/json')
  if (method !== 'GET' && !screen) headers.set('X-CSRFToken', cookie('csrftoken'))
  if (call.key) headers.set('Idempotency-Key', call.key)
  if (call.version !== undefined) headers.set('If-Match', `"${String(call.version)}"`)
  const person = call.person ?? actor
  if (person && path !== SESSION) headers.set('X-Person', person)
  if (device) headers.set('X-Device', device)
  return headers
}

/**
 * One request. Throws Refusal for a 4xx, SignedOut for 401, Unreachable when no answer came (or 5xx after the repeats).
 * A 503 is repeated after its Retry-After, up to three times: the lock was busy, nothing happened.
 */
export async function request<T>(method: string, path: string, call: Call = {}): Promise<Answered<T>> {
  if (lost && path !== SESSION) throw new SignedOut('signed out')
  for (let attempt = 0; ; attempt += 1) {
    let response: Response
    const asked = era
    try {
      response = await fetch(BASE + path, {
        method,
        headers: headersOf(method, path, call),
        body: call.form ?? (call.body === undefined ? null : JSON.stringify(call.body)),
        credentials: screen ? 'omit' : 'same-origin',
        cache: method === 'GET' ? 'no-cache' : 'no-store',
        signal: AbortSignal.timeout(call.form ? FILE_TIMEOUT_MS : TIMEOUT_MS),
      })
    } catch {
      throw new Unreachable('no answer')
    }
    if (response.ok) {
      const etag = /"(\d+)"/.exec(response.headers.get('ETag') ?? '')
      const data = (response.status === 204 ? undefined : await read(response)) as T
      return { status: response.status, data, version: etag ? Number(etag[1]) : null }
    }
    if (response.status === 401 && path !== SESSION) {
      if (asked !== era) continue // nothing was done: asked again, of the session that is here now
      lost = actor !== null && device === null
      if (lost) whenLost()
      throw new SignedOut('signed out')
    }
    if (response.status === 503 && attempt < 3) {
      const seconds = Number(response.headers.get('Retry-After') ?? '1')
      await new Promise((resume) => setTimeout(resume, Math.min(5, seconds || 1) * 1000))
      continue
    }
    if (response.status >= 500) {
      const said = response.status === 503 ? await problemOf(response) : null
      const refused = said && NOTHING_DONE.has(said.code) ? said : null
      throw new Unreachable(`server says ${String(response.status)}`, response.status, refused)
    }
    throw new Refusal(await problemOf(response))
  }
}

async function read(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    throw new Unreachable('the answer broke off')
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = { code: `http.${response.status}`, title: '', status: response.status }
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) }
  } catch {
    return fallback
  }
}

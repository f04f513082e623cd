/**
 * Lets the phone's screen open without a network, and shows a call that was pushed while no page is open. It keeps the files of one release and nothing else: no answer of the API. The
 * page itself is asked of the server first, so that an old script can't outlive an upgrade while there is a network.
 * Why it is our own: docs/decisions/0015-the-phone-opens-without-a-network.md.
 */

import { pushed as words } from '@/shared/words/pushed'

interface Lasting extends Event {
  waitUntil(done: Promise<unknown>): void
}
interface Fetching extends Lasting {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Pushed extends Lasting {
  readonly data: { json(): unknown } | null
}
interface Tapped extends Lasting {
  readonly notification: { close(): void; data: unknown }
}
interface Page {
  readonly url: string
  focus(): Promise<unknown>
  postMessage(told: unknown): void
}
/** What TypeScript has only in a library that contradicts the pages' own. */
interface Scope {
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void>; matchAll(which: { type: 'window' }): Promise<readonly Page[]>; openWindow(url: string): Promise<unknown> }
  registration: { showNotification(title: string, more: Record<string, unknown>): Promise<void> }
  addEventListener(type: 'push', listener: (event: Pushed) => void): void
  addEventListener(type: 'notificationclick', listener: (event: Tapped) => void): void
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
}

/** Both are filled in by the build (vite.config.ts): what the release is called, and its files, the page's script first. */
const RELEASE = '%RELEASE%'
const FILES = '%FILES%'.split(' ')
const PAGE = '/phone'
const STATIC = '/static/'
const OURS = 'relay60-phone-'
const CACHE = OURS + RELEASE
const TAPPED = 'relay60-tapped' // push.ts knows it by this name
const ICON = '/static/icon-192.png'
const RECEIPTS = '/api/v1/calls/receipts'
const AGAIN_MS = [2_000, 8_000, 0]
const PATIENCE_MS = 4_000 // a network that has not answered by then is none: a thumb waits no longer
const scope = self as unknown as Scope

async function install(): Promise<void> {
  const cache = await caches.open(CACHE)
  const page = await fetch(PAGE, { cache: 'no-store' })
  // Asked during an upgrade, the page may be the next release's: then its own worker is on its way.
  if (!page.ok || !(await page.clone().text()).includes(FILES[0] ?? '')) throw new Error('another release')
  await cache.put(PAGE, page)
  await cache.addAll(FILES)
  await scope.skipWaiting()
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
  await scope.clients.claim()
}

const kept = (path: string): Promise<Response | undefined> => caches.match(path, { cacheName: CACHE, ignoreVary: true })

/** The server's page while there is a server; this release's own when there is none. */
async function page(): Promise<Response> {
  const patience = new AbortController()
  const timer = setTimeout(() => {
    patience.abort()
  }, PATIENCE_MS)
  try {
    const answer = await fetch(PAGE, { cache: 'no-store', signal: patience.signal })
    if (answer.status < 500) return answer
  } catch {
    // no network, or one that does not answer
  } finally {
    clearTimeout(timer)
  }
  return (await kept(PAGE)) ?? Response.error()
}

/** A file's name has its content's hash: what is kept under it is what the server would answer. */
const file = async (request: Request): Promise<Response> => (await kept(new URL(request.url).pathname)) ?? fetch(request)

scope.addEventListener('install', (event) => {
  event.waitUntil(install())
})
scope.addEventListener('activate', (event) => {
  event.waitUntil(activate())
})
scope.addEventListener('fetch', (event) => {
  const { method, mode, url } = event.request
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== location.origin) return
  if (mode === 'navigate' && pathname === PAGE) event.respondWith(page())
  else if (FILES.includes(pathname) && pathname.startsWith(STATIC)) event.respondWith(file(event.request))
})

/** What was sealed for this browser (command/outside/push.py); a test message tells of nothing. */
interface Call {
  attempts: string[]
  count: number
  device: string
  number: string
  place: string | null
  proof: string
}

/** The centre is told that this phone has it, and that it shows it: by the proof that came with it, without a session. */
async function tell({ attempts, device, proof }: Call, displayed: boolean): Promise<void> {
  if (attempts.length === 0) return
  const body = JSON.stringify({ attempts, device, proof, displayed })
  for (const wait of AGAIN_MS) {
    try {
      const headers = { 'Content-Type': 'application/json' }
      const { status } = await fetch(RECEIPTS, { method: 'POST', headers, body, credentials: 'omit' })
      if (status < 500) return
    } catch {
      // just woken, a phone may have no network yet
    }
    await new Promise((done) => setTimeout(done, wait))
  }
}

async function show(call: Call): Promise<void> {
  const has = tell(call, false)
  await scope.registration.showNotification(words.title(call.number, call.count), {
    body: words.body(call.number, call.count, call.place),
    data: call.number,
    icon: ICON,
    lang: 'zh-CN',
    renotify: true,
    requireInteraction: true,
    tag: call.number || 'test',
    vibrate: [400, 200, 400, 200, 400],
  })
  await has
  await tell(call, true)
}

/** The number is laid where the page looks for it, also after a sign-in; nothing else is told of the matter. */
async function open(number: string): Promise<void> {
  await (await caches.open(TAPPED)).put(PAGE, new Response(number))
  const page = (await scope.clients.matchAll({ type: 'window' })).find(({ url }) => new URL(url).pathname === PAGE)
  if (!page) return void (await scope.clients.openWindow(PAGE))
  page.postMessage(TAPPED)
  await page.focus()
}

scope.addEventListener('push', (event) => {
  const call = event.data?.json()
  if (call) event.waitUntil(show(call as Call))
})
scope.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(String(event.notification.data)))
})

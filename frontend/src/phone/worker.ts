/**
 * Lets the phone's screen open without a network. It keeps the files of one release and nothing else: no answer of the API. The
 * page itself is asked of the server first, so that an old script can't outlive an upgrade while there is a network.
 * Why it is our own: docs/decisions/0015-the-phone-opens-without-a-network.md.
 */

interface Lasting extends Event {
  waitUntil(done: Promise<unknown>): void
}
interface Fetching extends Lasting {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
/** What TypeScript has only in a library that contradicts the pages' own. */
interface Scope {
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
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

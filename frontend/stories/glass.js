// @ts-check
/** A window of Debian's Firefox before a person, driven over WebDriver BiDi. It fails its story when it shows or does what it never should. */

import { mkdirSync } from 'node:fs'
import puppeteer from 'puppeteer-core'

const SEEN_WITHIN_MS = 60_000 // two busy cores draw slowly; what must be quick is measured elsewhere
const LOOK_EVERY_MS = 100
const BROKEN_LINE = /NetworkError|can.t establish a connection|was interrupted|Failed to fetch|status of 50\d/i

/** @type {(look: () => Promise<unknown>, what: string) => Promise<void>} Looks often, gives up late. */
async function until(look, what) {
  const end = performance.timeOrigin + performance.now() + SEEN_WITHIN_MS
  let last = ''
  while (performance.timeOrigin + performance.now() < end) {
    try {
      if (await look()) return
    } catch (error) {
      last = String(error) // a page that is being drawn anew
    }
    await new Promise((rested) => setTimeout(rested, LOOK_EVERY_MS))
  }
  throw new Error(`${what}: not seen within ${SEEN_WITHIN_MS / 1000} s ${last}`)
}

/** Runs in the page: the elements in sight that match and say all of the words. */
const FIND = `(selector, words) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility({ visibilityProperty: true })
  && words.every((word) => (one.innerText || one.textContent || '').includes(word)))`

export class Glass {
  /** @type {string[]} */
  #faults = []
  #lineMayBreak = false
  #arrived = 0

  /** @param {string} who @param {import('puppeteer-core').Page} page @param {string} origin */
  constructor(who, page, origin) {
    this.who = who
    this.page = page
    this.origin = origin
    page.on('console', (message) => {
      if (message.type() === 'error') this.#fault(`console: ${message.text()}`)
    })
    page.on('pageerror', (error) => this.#fault(`page error: ${error}`))
    page.on('request', (request) => {
      const url = new URL(request.url())
      if (!['data:', 'blob:', 'about:'].includes(url.protocol) && url.host !== new URL(origin).host) {
        this.#fault(`a request outside the origin: ${request.url()}`)
      }
    })
  }

  /** @param {string} words */
  #fault(words) {
    if (words.includes('status of 401')) return // the sign-in page asks whether somebody is signed in already
    if (this.#lineMayBreak && BROKEN_LINE.test(words)) return
    this.#faults.push(words)
  }

  /** Goes to a page of the product. @param {string} path */
  async opens(path) {
    await this.page.goto(this.origin + path, { waitUntil: 'domcontentloaded' })
  }

  /** Signs in by the form and arrives at a live screen. @param {string} username @param {string} password @param {string} path */
  async signsIn(username, password, path) {
    await this.opens(`/sign-in?next=${path}`)
    await this.fills('input[name=username]', username)
    await this.fills('input[name=password]', password)
    await this.presses('button[type=submit]')
    await until(async () => new URL(this.page.url()).pathname === path, `${this.who} at ${path}`)
    await this.isLive()
  }

  /** Waits until the screen says that it is live; from now on a page that loads again is a fault. */
  async isLive() {
    await this.sees('[data-testid=link-state][data-state=live]')
    this.#arrived = await this.#loadedAt()
  }

  /** From now on a browser's own words about a broken connection are no fault: the story breaks it. */
  mayLoseTheLine() {
    this.#lineMayBreak = true
  }

  /** Waits until an element is in sight that says all of the words. @param {string} selector @param {...string} words */
  async sees(selector, ...words) {
    await until(async () => (await this.count(selector, ...words)) > 0, `${this.who} sees ${selector} ${words.join(' ')}`)
  }

  /** Waits until no such element is in sight. @param {string} selector @param {...string} words */
  async seesNo(selector, ...words) {
    await until(async () => (await this.count(selector, ...words)) === 0, `${this.who} sees no ${selector} ${words.join(' ')}`)
  }

  /** How many such elements are in sight. @param {string} selector @param {...string} words @returns {Promise<number>} */
  async count(selector, ...words) {
    return /** @type {number} */ (await this.page.evaluate(`(${FIND})(${JSON.stringify(selector)}, ${JSON.stringify(words)}).length`))
  }

  /** The words of the first such element. @param {string} selector @returns {Promise<string>} */
  async reads(selector) {
    await this.sees(selector)
    return /** @type {string} */ (await this.page.evaluate(`(${FIND})(${JSON.stringify(selector)}, [])[0].innerText`))
  }

  /**
   * Presses the first such element with the mouse, once it can be hit.
   * @param {string} selector @param {...string} words
   */
  async presses(selector, ...words) {
    const aim = `(() => {
      const one = (${FIND})(${JSON.stringify(selector)}, ${JSON.stringify(words)}).find((each) => !each.disabled)
      if (!one) return null
      one.scrollIntoView({ block: 'nearest' })
      const box = one.getBoundingClientRect()
      const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
      const hit = document.elementFromPoint(at.x, at.y)
      return hit && (one.contains(hit) || hit.contains(one)) ? at : null
    })()`
    await until(async () => {
      const at = /** @type {{ x: number, y: number } | null} */ (await this.page.evaluate(aim))
      if (at) await this.page.mouse.click(at.x, at.y)
      return at !== null
    }, `${this.who} presses ${selector} ${words.join(' ')}`)
  }

  /** Writes into a field, in place of what is there. @param {string} selector @param {string} text */
  async fills(selector, text) {
    await this.presses(selector)
    await this.page.evaluate(`(${FIND})(${JSON.stringify(selector)}, [])[0].select()`)
    await this.page.keyboard.type(text)
    const value = `(${FIND})(${JSON.stringify(selector)}, [])[0]?.value`
    await until(async () => (await this.page.evaluate(value)) === text, `${this.who} has written into ${selector}`)
  }

  /** Sees a box ticked, by itself or by a press. @param {string} selector */
  async ticks(selector) {
    await this.sees(selector)
    if ((await this.count(`${selector}:checked`)) === 0) await this.presses(selector)
    await this.sees(`${selector}:checked`)
  }

  /** Keeps a picture when a folder for pictures is named. @param {string} name */
  async takesItsPicture(name) {
    const folder = process.env.RELAY_PICTURES
    if (!folder) return
    mkdirSync(folder, { recursive: true })
    await this.page.screenshot({ path: /** @type {`${string}.png`} */ (`${folder}/firefox-${name}.png`) })
  }

  /** What the page says, for who must find out what went wrong. */
  async says() {
    const words = await this.page.evaluate('document.body.innerText').catch((error) => String(error))
    return `--- ${this.who} at ${this.page.url()}\n${String(words).slice(0, 3_000)}\n${this.#faults.join('\n')}`
  }

  /** Throws with all that went wrong in this window. */
  async hasNoFault() {
    const found = [...this.#faults]
    if (this.#arrived && this.#arrived !== (await this.#loadedAt())) found.push('the page was loaded again')
    if (await this.count('[data-testid=link-state]:not([data-defects="0"])')) found.push('the screen missed a version (a defect)')
    if (found.length) throw new Error(`${this.who}: ${found.join('\n')}`)
  }

  /** @returns {Promise<number>} */
  async #loadedAt() {
    return /** @type {number} */ (await this.page.evaluate('performance.timeOrigin'))
  }
}

/**
 * Plays a story in one Firefox, each window with cookies of its own; ends the process with 1 and all that the pages say when it fails.
 * @param {(open: (who: string, width: number, height: number) => Promise<Glass>, origin: string) => Promise<void>} story
 */
export async function play(story) {
  const { RELAY_ORIGIN: origin, RELAY_FIREFOX: executablePath } = process.env
  if (!origin || !executablePath) throw new Error('RELAY_ORIGIN and RELAY_FIREFOX say where the product and Firefox are')
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    extraPrefsFirefox: { 'intl.accept_languages': 'zh-CN', 'permissions.default.geo': 2 },
  })
  /** @type {Glass[]} */
  const glasses = []
  try {
    await story(async (who, width, height) => {
      const context = await browser.createBrowserContext()
      const page = await context.newPage({ type: 'window' }) // a tab behind another shows nothing to anybody
      await page.setViewport({ width, height })
      // A breach of the policy is told by an event alone: it becomes an error of the console.
      await page.evaluateOnNewDocument(() => {
        document.addEventListener('securitypolicyviolation', (breach) => {
          console.error(`the policy refused ${breach.blockedURI} (${breach.effectiveDirective})`)
        })
      })
      const glass = new Glass(who, page, origin)
      glasses.push(glass)
      return glass
    }, origin)
    for (const glass of glasses) await glass.hasNoFault()
  } catch (error) {
    process.exitCode = 1
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
    for (const glass of glasses) {
      process.stdout.write(`${await glass.says()}\n`)
      await glass.takesItsPicture(`failed-${glass.who}`)
    }
  } finally {
    await browser.close()
  }
}

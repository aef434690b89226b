import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { type Account, Installation } from './installation.ts'

export type { Account }

export interface OpenOptions {
  /** Who is logged in; nobody if not given. */
  as?: Account
  /** A small screen that is touched; a wide one with a mouse if not given. */
  phone?: boolean
  /** What the system prefers; light if not given. */
  colorScheme?: 'light' | 'dark'
}

export interface Opened {
  page: Page
  /** What went wrong so far: exceptions, and errors of the console, to which what the Content-Security-Policy refuses belongs. */
  problems: string[]
  /** What came over WebSockets so far. */
  frames: Record<string, unknown>[]
}

const wide = { viewport: { width: 1280, height: 800 } }
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

/** The product and a browser, for the tests of one describeInBrowser. */
export class Stage {
  #installation: Installation | undefined
  #browser: Browser | undefined
  readonly #contexts: BrowserContext[] = []

  get belfry(): Installation {
    if (!this.#installation) throw new Error('It starts in a hook: use it in tests and hooks.')
    return this.#installation
  }

  /** Opens a path in a browser session of its own, which ends with the test. Zone and language are UTC and British English. */
  async open(path: string, { as, phone: small, colorScheme = 'light' }: OpenOptions = {}): Promise<Opened> {
    const context = await this.#browser!.newContext({
      ...(small ? phone : wide),
      colorScheme,
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
    })
    if (as) await context.addInitScript(logIn, as.token)
    this.#contexts.push(context)
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    const opened: Opened = { page, problems: [], frames: [] }
    listen(opened)
    await page.goto(this.belfry.url + path)
    return opened
  }

  async start(context: Mocha.Context): Promise<void> {
    this.#browser = await launchChromium(context)
    this.#installation = await Installation.create()
  }

  async closePages(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close()
  }

  async stop(): Promise<void> {
    await this.#browser?.close()
    await this.#installation?.remove()
  }
}

/** As the user interface keeps it; once, for a test may log out. */
function logIn(token: string): void {
  if (localStorage.getItem('test.loggedIn')) return
  localStorage.setItem('test.loggedIn', 'true')
  localStorage.setItem('belfry.session', JSON.stringify({ token }))
}

function listen({ page, problems, frames }: Opened): void {
  page.on('pageerror', (error) => problems.push(String(error.stack ?? error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} (${message.location().url})`)
  })
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => void frames.push(JSON.parse(String(payload)))),
  )
}

/**
 * A `describe` whose tests drive the real product, of which it starts one, in Chromium. Where there is no Chromium they are skipped,
 * or fail if REQUIRE_BROWSER is 1.
 */
export function describeInBrowser(title: string, body: (stage: Stage) => void): void {
  describe(title, function () {
    this.timeout(60_000)
    const stage = new Stage()
    before(async function () {
      this.timeout(120_000)
      await stage.start(this)
    })
    afterEach(() => stage.closePages())
    after(() => stage.stop())
    body(stage)
  })
}

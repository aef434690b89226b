import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { skipOrFail } from '#internal/testing/skip'

const usual = ['/usr/bin/chromium', '/usr/bin/google-chrome']

/** Starts the Chromium of CHROMIUM, or one in its usual place. The tests of the hook are skipped, or fail, where there is none. */
export async function launchChromium(context: Mocha.Context): Promise<Browser> {
  try {
    const places = process.env.CHROMIUM ? [process.env.CHROMIUM] : usual
    const executablePath = places.find((file) => existsSync(file))
    if (!executablePath)
      throw new Error(`There is no ${places.join(' and no ')}. Install Chromium, or set CHROMIUM to the path of one.`)
    // It has no sandbox for root.
    return await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  } catch (error) {
    return skipOrFail(context, { what: 'BROWSER TESTS', required: 'REQUIRE_BROWSER', error: error as Error })
  }
}

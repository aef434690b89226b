import path from 'node:path'
import axeCore, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const directory = path.resolve(import.meta.dirname, '../../../docs/screenshots')

// Animations without an end, such as a spinner, are none of them.
const settled = `Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished))`

/** Shows the page in light or dark, as when the system changes while it is open. */
export async function lookIn(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' })
}

/** What axe finds serious or critical in the page once its colours and places are those that stay, e.g. `color-contrast: .title`. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(settled)
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(axeCore.source)
  const { violations } = await page.evaluate<AxeResults>(`axe.run({ resultTypes: ['violations'] })`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}

/** Keeps how the page looks as docs/screenshots/NAME.png, where SCREENSHOTS is 1: else every run would change the files. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS !== '1') return
  await page.evaluate('document.fonts.ready')
  await page.screenshot({ path: path.join(directory, `${name}.png`), animations: 'disabled', caret: 'hide' })
}

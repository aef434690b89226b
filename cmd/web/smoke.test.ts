import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { waitFor } from '#internal/testing/wait-for'
import { describeInBrowser } from './testing/browser.ts'
import { axe } from './testing/look.ts'

const isThere = (page: Page) => page.getByRole('heading', { level: 1 }).first().waitFor()

describeInBrowser('the user interface as it is served', (stage) => {
  it('opens at every path that it knows, and again when the page is loaded anew', async () => {
    for (const path of ['/', '/login', '/topics/1']) {
      const { page, problems } = await stage.open(path)
      await isThere(page)
      await page.reload()
      await isThere(page)
      assert.deepEqual(problems, [], path)
    }
  })

  it('loads scripts, styles and fonts from the server once', async () => {
    const { page } = await stage.open('/')
    await isThere(page)
    const sizes = () =>
      page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .filter(({ name }) => name.includes('/assets/'))
          .map((entry) => (entry as PerformanceResourceTiming).transferSize),
      )
    const first = await sizes()
    assert.ok(first.length >= 2 && first.every((size) => size > 0), `${first}`)
    await page.reload()
    await isThere(page)
    const again = await sizes()
    assert.ok(again.length >= 2 && again.every((size) => size === 0), `${again}`)
  })

  it('runs no script that somebody has got into the page, and the test would see it', async () => {
    const { page, problems } = await stage.open('/')
    await isThere(page)
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "taken over"'
      document.body.append(script)
    })
    assert.notEqual(await page.title(), 'taken over')
    assert.match(problems.join(), /Content Security Policy/)
  })

  it('has nothing that axe finds serious, and axe would find it', async () => {
    const { page } = await stage.open('/', { phone: true, colorScheme: 'dark' })
    await isThere(page)
    assert.deepEqual(await axe(page), [])
    await page.evaluate(() => document.body.append(new Image()))
    assert.deepEqual(await axe(page), ['image-alt: body > img'])
  })

  it('says so when a part of it cannot be loaded, and goes on when it can', async () => {
    const { page } = await stage.open('/login')
    await isThere(page)
    await page.route('**/assets/inbox-page-*.js', (route) => route.abort())
    await page.evaluate(() => sessionStorage.setItem('belfry.reloaded', String(Date.now())))
    await page.goto(`${stage.belfry.url}/i/1`)
    await page.getByRole('button', { name: 'Load it again' }).waitFor()
    await page.unroute('**/assets/inbox-page-*.js')
    await page.getByRole('button', { name: 'Load it again' }).click()
    await isThere(page)
  })

  it('keeps who is logged in, also when the program was killed', async () => {
    const ada = await stage.belfry.account('ada')
    const { page, frames } = await stage.open('/', { as: ada })
    const isLive = () =>
      // A client waits for up to 20 s before it tries again.
      waitFor(() => frames.some(({ type }) => type === 'live'), { timeoutMs: 30_000, what: 'the stream to be live' })
    await isLive()
    await stage.belfry.kill()
    frames.length = 0
    await stage.belfry.start()
    await isLive()
    await page.reload()
    await isThere(page)
    assert.match((await page.evaluate(() => localStorage.getItem('belfry.session'))) ?? '', /"token"/)
  })
})

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { type Account, describeInBrowser } from './testing/browser.ts'
import { axe, lookIn, screenshot } from './testing/look.ts'

/** A page, what its picture is called (wide and light, and on a phone in the dark), and what is there when it is complete. */
const pages: [name: string, path: string, shows: string][] = [
  ['login', '/login', 'No account yet'],
  ['register', '/register', 'You have an account'],
  ['topic', '/topics/6', 'Line is over'],
  ['topics', '/topics', 'Announcements'],
  ['direct', '/messages/7', 'Deal'],
  ['messages', '/messages', 'Crew of boat 3'],
  ['people', '/people/jonas', 'Jonas Okafor'],
  ['search', '/search?q=boat', 'slips under load'],
  ['roll-call', '/alerts/2', 'Gale warning'],
  ['alerts', '/alerts', 'Second crew'],
  ['raise', '/alerts/new', 'Chosen recipients'],
  ['schedules', '/alerts/schedules', 'Weekly exercise'],
  ['recipients', '/manage/recipients', 'anna.adler@'],
  ['recipient', '/manage/recipients/1', 'anna.adler@'],
  ['import', '/manage/recipients/import', 'CSV'],
  ['accounts', '/manage/accounts', 'zoe'],
  ['dead-letters', '/manage/dead-letters', 'Nothing was left behind'],
  ['dashboards', '/manage/dashboards', 'OpenAPI document'],
  ['profile', '/settings/profile', 'First name'],
  ['codes', '/settings/codes', 'Two-step'],
  ['sessions', '/settings/sessions', 'This'],
  ['api-keys', '/settings/api-keys', 'API keys'],
  ['notifications', '/settings/notifications', 'Of what is for you'],
  ['inbox', '/i/24', 'Boat 3 launches now'],
]
const isPublic = (path: string) => /^\/(login|register|i\/)/.test(path)

describeInBrowser('every page', (stage) => {
  let mara: Account
  let inbox: string
  before(async function () {
    this.timeout(60_000)
    mara = await stage.belfry.demo()
    const call = <T>(method: string, path: string, body?: unknown) =>
      stage.belfry.call<T>(mara, method, `/api/v1${path}`, body)
    inbox = (await call<{ token: string }>('POST', '/objects/24/inbox-token')).token
    const alert = { text: 'Exercise tonight at 18:00. Who comes?', severity: 'info', alert_all: true }
    await call('POST', '/schedules', {
      name: 'Weekly exercise',
      cron: '0 8 * * FRI',
      time_zone: 'Europe/Berlin',
      alert,
    })
  })

  const open = (path: string, phone: boolean) =>
    stage.open(path.startsWith('/i/') ? `${path}#${inbox}` : path, { phone, ...(!isPublic(path) && { as: mara }) })
  const headings = (page: Page) => page.getByRole('heading', { level: 1 }).count()

  for (const [name, path, shows] of pages)
    it(`${name}: complete, with one heading of the first level, clean, and accessible in every look`, async () => {
      for (const phone of [false, true]) {
        const { page, problems } = await open(path, phone)
        await page.getByText(shows).filter({ visible: true }).first().waitFor()
        await page.getByRole('heading', { level: 1 }).first().waitFor()
        const size = phone ? 'phone' : 'wide'
        assert.equal(await headings(page), 1, size)
        assert.match(await page.title(), /Belfry$/)
        assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), `${size} scrolls sideways`)
        for (const colorScheme of ['light', 'dark'] as const) {
          await lookIn(page, colorScheme)
          assert.deepEqual(await axe(page), [], `${size} ${colorScheme}`)
          if (phone === (colorScheme === 'dark')) await screenshot(page, phone ? `${name}-phone` : name)
        }
        assert.deepEqual(problems, [], size)
      }
    })
})

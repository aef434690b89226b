import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { waitFor } from '#internal/testing/wait-for'
import type { Conversation } from '../api/views.ts'
import { type Account, describeInBrowser } from '../testing/browser.ts'

/** Keeps what the page's notifications were made of, and what a click on the last one does. */
const record = `
  const Real = Notification
  globalThis.notices = []
  globalThis.Notification = class extends Real {
    constructor(title, options) {
      super(title, options)
      notices.push(title + ': ' + options.body)
      globalThis.clickLast = () => this.onclick()
    }
  }`
const notices = (page: Page) => page.evaluate<string[]>('notices')
const look = (page: Page, state: 'hidden' | 'visible') =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)

describeInBrowser('notifications', (stage) => {
  let ada: Account
  let bob: Account
  let chat: Conversation
  let topic: { id: number }
  before(async () => {
    ada = await stage.belfry.account('ada')
    bob = await stage.belfry.account('bob')
    chat = await stage.belfry.call(bob, 'POST', '/api/v1/conversations', { members: ['ada'] })
    topic = await stage.belfry.call(bob, 'POST', '/api/v1/topics', { name: 'Weather' })
    await stage.belfry.call(ada, 'PUT', `/api/v1/topics/${topic.id}/members/me`)
  })

  const say = (body: string, to: { id: number } = chat) =>
    stage.belfry.call(bob, 'POST', `/api/v1/conversations/${to.id}/messages`, { body })

  it('come once from several pages, of what is for you, while none of them is in sight', async () => {
    const { page: first, problems } = await stage.open('/settings/notifications', { as: ada })
    await first.context().addInitScript(record)
    await first.context().grantPermissions(['notifications'])
    await first.reload()
    await first.getByText('Of what is for you').click()
    await waitFor(async () => (await notices(first)).length === 1, { what: 'the sample' })
    const second = await first.context().newPage()
    await second.goto(`${stage.belfry.url}/topics`)
    await second.getByRole('link', { name: 'Weather' }).waitFor()

    for (const page of [first, second]) await look(page, 'hidden')
    await say('Gusts of 45 knots', topic)
    await say('Are you there?')
    // Whichever page was the first to ask.
    const all = async () => [...(await notices(first)).slice(1), ...(await notices(second))].toSorted()
    await waitFor(async () => (await all()).length > 0, { what: 'a notice' })
    assert.deepEqual(await all(), ['bob: Are you there?'])

    await look(second, 'visible')
    await say('I see you')
    await second.getByRole('link', { name: /Messages.*2/ }).waitFor()
    await look(second, 'hidden')
    await say('Now I do not')
    await waitFor(async () => (await all()).length > 1, { what: 'the next notice' })
    assert.deepEqual(await all(), ['bob: Are you there?', 'bob: Now I do not'])

    await first.close()
    await say('One of you is gone')
    const last = async () => (await notices(second)).at(-1)
    await waitFor(async () => (await last()) === 'bob: One of you is gone', { what: 'a notice of the other page' })
    await second.evaluate('clickLast()')
    await second.getByRole('heading', { level: 1, name: 'bob' }).waitFor()
    assert.deepEqual(problems, [])
  })

  it('are not chosen where the browser does not allow them', async () => {
    const { page } = await stage.open('/settings/notifications', { as: ada })
    await page.addInitScript(`Notification.requestPermission = async () => 'denied'`)
    await page.reload()
    await page.getByText('Of topics as well').click()
    await page.getByText('The browser does not allow this page to notify').waitFor()
    assert.equal(await page.getByRole('radio', { name: 'Of nothing' }).isChecked(), true)
  })
})

import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import { waitFor } from '#internal/testing/wait-for'
import { type Account, describeInBrowser, type Opened } from '../testing/browser.ts'
import { axe } from '../testing/look.ts'

const field = (page: Page) => page.getByRole('textbox', { name: 'Write a message' })
const rows = (page: Page) => page.getByRole('log').getByRole('article')
const row = (page: Page, text: string): Locator => rows(page).filter({ hasText: text })

async function write(page: Page, text: string): Promise<void> {
  await field(page).fill(text)
  await field(page).press('Enter')
}

/** What the screen shows, from the first message to the last. */
const shown = (page: Page) => page.getByRole('log').getByRole('article').locator('p').allInnerTexts()

async function act(page: Page, text: string, name: RegExp): Promise<void> {
  await row(page, text).hover()
  await row(page, text).getByRole('button', { name }).click()
}

describeInBrowser('conversations', (stage) => {
  let ada: Account
  let bob: Account
  before(async () => {
    ada = await stage.belfry.account('ada')
    bob = await stage.belfry.account('bob')
  })

  const call = <T>(as: Account, method: string, path: string, body?: unknown) =>
    stage.belfry.call<T>(as, method, `/api/v1${path}`, body)
  /** A topic of ada that bob is in. */
  async function aTopic(name: string): Promise<number> {
    const { id } = await call<{ id: number }>(ada, 'POST', '/topics', { name })
    await call(bob, 'PUT', `/topics/${id}/members/me`)
    return id
  }
  const post = (as: Account, id: number, body: string) =>
    call<{ id: number; seq: number }>(as, 'POST', `/conversations/${id}/messages`, { body })
  const bodies = async (id: number) => {
    const { items } = await call<{ items: { body: string }[] }>(ada, 'GET', `/conversations/${id}/messages?limit=200`)
    return items.map(({ body }) => body)
  }
  const both = async (path: string): Promise<[Opened, Opened]> =>
    Promise.all([stage.open(path, { as: ada }), stage.open(path, { as: bob })])
  const isClean = (...opened: Opened[]) =>
    assert.deepEqual(
      opened.flatMap(({ problems }) => problems),
      [],
    )

  it('are live between two: write, reply, react, edit, delete', async () => {
    const id = await aTopic('Lifeboat')
    const [a, b] = await both(`/topics/${id}`)
    await write(a.page, 'Hello :tada: see https://example.com/a')
    await row(b.page, 'Hello 🎉').waitFor()
    const link = b.page.getByRole('link', { name: 'https://example.com/a', exact: true })
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer')

    await act(b.page, 'Hello', /^Reply/)
    await write(b.page, 'And to you')
    await row(a.page, 'And to you')
      .getByRole('button', { name: /ada Hello/ })
      .waitFor()

    await act(a.page, 'And to you', /^React/)
    await a.page.getByPlaceholder('Search emoji').fill('thumbs up')
    await a.page.getByRole('gridcell', { name: 'Thumbs up' }).first().click()
    const reaction = row(b.page, 'And to you').getByRole('button', { name: '👍, 1' })
    await reaction.click()
    await row(a.page, 'And to you').getByRole('button', { name: '👍, 2' }).waitFor()

    await field(a.page).press('ArrowUp')
    await a.page.getByRole('textbox', { name: 'Edit the message' }).fill('Hello all')
    await a.page.keyboard.press('Enter')
    await row(b.page, 'Hello all').getByText('edited').waitFor()

    await act(b.page, 'And to you', /^More/)
    await b.page.getByRole('menuitem', { name: 'Delete' }).click()
    await b.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await row(a.page, 'bob deleted this message').waitFor()
    isClean(a, b)
  })

  it('take images: chosen, shown before they are sent, large on demand, and nothing else', async () => {
    const id = await aTopic('Pictures')
    const [a, b] = await both(`/topics/${id}`)
    const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
    const files = a.page.locator('input[type=file]')
    await files.setInputFiles([
      { name: 'dot.gif', mimeType: 'image/gif', buffer: gif },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
    ])
    await a.page.getByText('Only PNG, JPEG, GIF and WebP').waitFor()
    assert.equal(await a.page.getByRole('button', { name: 'Send' }).isDisabled(), true)
    await a.page.getByRole('button', { name: 'Remove notes.txt' }).click()
    await a.page.getByRole('button', { name: 'Send' }).click()
    await b.page.getByRole('button', { name: 'Show the image large' }).click()
    await b.page.getByRole('dialog').getByRole('img', { name: 'Of the message' }).waitFor()
    isClean(a, b)
  })

  it('show in small circles what is sent, delivered and read, and who and when on demand', async () => {
    const { id } = await call<{ id: number }>(ada, 'POST', '/conversations', { members: ['bob'] })
    const a = await stage.open(`/messages/${id}`, { as: ada })
    await write(a.page, 'Are you there?')
    const tick = row(a.page, 'Are you there?').getByRole('button', { name: /Who and when/ })
    await tick.and(a.page.getByRole('button', { name: /^Sent/ })).waitFor()
    const b = await stage.open('/topics', { as: bob })
    await b.page.getByRole('link', { name: 'Messages 1 waiting' }).waitFor()
    // Delivered needs no help of the page; what was before it was there is delivered with the reading.
    await write(a.page, 'Hello?')
    const second = row(a.page, 'Hello?').getByRole('button', { name: /^Delivered to all/ })
    await second.waitFor()
    await b.page.getByRole('link', { name: /^Messages/ }).click()
    await b.page.getByRole('link', { name: /ada/ }).click()
    await b.page.getByText('New', { exact: true }).waitFor()
    await row(a.page, 'Are you there?')
      .getByRole('button', { name: /^Read by all/ })
      .click()
    const dialog = a.page.getByRole('dialog')
    await dialog.getByRole('row', { name: /bob/ }).waitFor()
    assert.match((await dialog.textContent())!, /delivered to 1 and read by 1/)
    await b.page.getByRole('link', { name: 'Messages', exact: true }).waitFor()
    await a.page.keyboard.press('Escape')
    isClean(a, b)
  })

  it('lose and repeat nothing when the server is killed between messages', async () => {
    const id = await aTopic('Killed')
    const [a, b] = await both(`/topics/${id}`)
    // Pauses between two tries of the stream grow to 20 s.
    for (const { page } of [a, b]) page.setDefaultTimeout(40_000)
    await write(a.page, 'one')
    await row(b.page, 'one').waitFor()
    await stage.belfry.kill()
    await write(a.page, 'two')
    await write(b.page, 'three')
    await row(a.page, 'two').getByText('sent again by itself').waitFor()
    await a.page.getByText('No connection to Belfry').waitFor()
    await stage.belfry.start()
    await row(a.page, 'three').waitFor()
    await row(b.page, 'two').waitFor()
    await write(a.page, 'four')
    await row(b.page, 'four').waitFor()
    await waitFor(async () => (await a.page.getByText('No connection').count()) === 0, { what: 'the notice to go' })
    const written = await bodies(id)
    assert.deepEqual(written.toSorted(), ['four', 'one', 'three', 'two'])
    for (const { page } of [a, b]) assert.deepEqual(await shown(page), written)
  })

  it('say that one is offline, keep what is written, and catch up', async () => {
    const id = await aTopic('Offline')
    const [a, b] = await both(`/topics/${id}`)
    for (const { page } of [a, b]) await field(page).waitFor()
    await a.page.context().setOffline(true)
    await a.page.getByText('You are offline').waitFor()
    await write(a.page, 'written offline')
    await row(a.page, 'written offline').getByText('sent again by itself').waitFor()
    await write(b.page, 'written meanwhile')
    await row(b.page, 'written meanwhile').waitFor()
    // What is unsent outlives the page.
    await a.page.context().setOffline(false)
    await row(b.page, 'written offline').waitFor()
    await row(a.page, 'written meanwhile').waitFor()
    const written = await bodies(id)
    assert.equal(written.length, 2)
    for (const { page } of [a, b])
      await waitFor(async () => String(await shown(page)) === String(written), { what: 'both to show the same' })
  })

  it('keep what was refused until one has decided', async () => {
    const carl = await stage.belfry.account('carl')
    const { id } = await call<{ id: number }>(ada, 'POST', '/conversations', { members: ['carl'] })
    const a = await stage.open(`/messages/${id}`, { as: ada })
    await call(carl, 'PATCH', '/me', { who_may_message: 'friends' })
    await write(a.page, 'May I?')
    const refused = row(a.page, 'May I?')
    await refused.getByRole('alert').waitFor()
    await a.page.reload()
    await refused.getByRole('alert').waitFor()
    await call(carl, 'PATCH', '/me', { who_may_message: 'anyone' })
    await refused.getByRole('button', { name: 'Try again' }).click()
    await refused.getByRole('alert').waitFor({ state: 'detached' })
    assert.deepEqual(await bodies(id), ['May I?'])
  })

  it('go back without end, to a message, and to the newest again', async () => {
    const id = await aTopic('Long')
    for (let i = 1; i <= 300; i++) await post(ada, id, `message number ${i}.`)
    const { page, problems } = await stage.open(`/topics/${id}?at=100`, { as: bob })
    await row(page, 'message number 100.').waitFor()
    const number = async (which: Locator) => Number(/number (\d+)/.exec((await which.textContent())!)![1])
    const oldest = () => number(rows(page).first())
    await page.getByRole('log').hover()
    await waitFor(
      async () => {
        await page.mouse.wheel(0, -3000)
        return (await oldest()) === 1
      },
      { timeoutMs: 30_000, what: 'the first message' },
    )
    // A window of the whole, whatever is loaded.
    assert.ok((await rows(page).count()) < 60)
    await page.getByRole('button', { name: 'To the newest message' }).click()
    await row(page, 'message number 300.').waitFor()
    await post(ada, id, 'message number 301.')
    await row(page, 'message number 301.').waitFor()
    assert.deepEqual(problems, [])
  })

  it('stay at their end while the field grows with what is written, and becomes small again', async () => {
    const id = await aTopic('Long words')
    for (let i = 1; i <= 20; i++) await post(bob, id, `Line ${i}`)
    const { page } = await stage.open(`/topics/${id}`, { as: ada })
    await row(page, 'Line 20').waitFor()
    const isAtEnd = async () => {
      const below = await page.getByRole('log').evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop)
      return Math.abs(below) <= 1
    }
    await waitFor(isAtEnd, { what: 'the end' })
    const height = async () => (await field(page).boundingBox())!.height
    const before = await height()
    for (let i = 0; i < 6; i++) await field(page).press('Shift+Enter')
    assert.ok((await height()) > before + 80)
    await waitFor(isAtEnd, { what: 'the end, with a large field' })
    await field(page).fill('')
    assert.equal(await height(), before)
    await waitFor(isAtEnd, { what: 'the end, with a small field' })
    await write(page, 'several\nlines\nat\nonce')
    await row(page, 'several').waitFor()
    await waitFor(isAtEnd, { what: 'the end, with what was written' })
    // Not only on the way.
    await page.waitForTimeout(300)
    assert.ok(await isAtEnd())
    assert.equal(await page.getByRole('button', { name: 'To the newest message' }).isVisible(), false)

    await page.getByRole('log').hover()
    await page.mouse.wheel(0, -200)
    const lowest = () =>
      page.getByRole('log').evaluate((log) => {
        const { bottom } = log.getBoundingClientRect()
        return [...log.querySelectorAll('article')].findLast((one) => one.getBoundingClientRect().top < bottom - 10)
          ?.textContent
      })
    await waitFor(async () => !(await isAtEnd()), { what: 'a place further up' })
    await page.waitForTimeout(300)
    const there = await lowest()
    for (let i = 0; i < 6; i++) await field(page).press('Shift+Enter')
    await waitFor(async () => (await lowest()) === there, { what: 'the same place' })
  })

  for (const colorScheme of ['light', 'dark'] as const)
    for (const phone of [false, true])
      it(`have nothing that axe finds serious: ${colorScheme}, ${phone ? 'phone' : 'wide'}`, async () => {
        const id = await aTopic('Night shift')
        await post(bob, id, 'All quiet at the pier.')
        const { id: messageId } = await post(ada, id, 'Good. Relief comes at six.')
        await call(bob, 'PUT', `/messages/${messageId}/reactions/tada`)
        const { page, problems } = await stage.open(`/topics/${id}`, { as: ada, colorScheme, phone })
        await row(page, 'Relief').waitFor()
        if (phone) await row(page, 'Relief').tap()
        else await row(page, 'Relief').hover()
        await page.getByRole('button', { name: /^Reply/ }).waitFor()
        assert.deepEqual(await axe(page), [])
        assert.deepEqual(problems, [])
      })
})

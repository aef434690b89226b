import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { waitFor } from '#internal/testing/wait-for'
import { inboxLink, makeRecipients, raise } from '../alerts/testing.ts'
import type { Object as Recipient, RollCall } from '../api/views.ts'
import { type Account, describeInBrowser } from '../testing/browser.ts'
import { axe } from '../testing/look.ts'

describeInBrowser('the inbox page', (stage) => {
  let dora: Account
  let recipients: Recipient[]

  before(async () => {
    dora = await stage.belfry.account('dora', 'dispatcher')
    recipients = await makeRecipients(stage, dora, 'crew', 5)
  })

  const alertTo = (recipient: Recipient, text: string, more = {}) =>
    raise(stage, dora, { text, object_ids: [recipient.id], ...more })
  const card = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })
  const counts = async (alert: { id: number }) =>
    (await stage.belfry.call<RollCall>(dora, 'GET', `/api/v1/alerts/${alert.id}/roll-call`)).counts

  it('opens by its link, which leaves the address bar, and again without it', async () => {
    const [recipient] = recipients as [Recipient]
    await alertTo(recipient, 'Low water')
    const { page, problems } = await stage.open(await inboxLink(stage, dora, recipient), { phone: true })
    await card(page, 'Low water').waitFor()
    assert.equal(page.url(), `${stage.belfry.url}/i/${recipient.id}`)
    await page.reload()
    await card(page, 'Low water').waitFor()
    assert.deepEqual(problems, [])
    const stranger = await stage.open(`/i/${recipient.id}`)
    await stranger.page.getByText('This page is opened by its link').waitFor()
  })

  it('shows what comes at once, the newest large; reads what is seen, acknowledges what is asked', async () => {
    const recipient = recipients[1]!
    const { page, problems } = await stage.open(await inboxLink(stage, dora, recipient), { phone: true })
    await page.getByText('No alerts').waitFor()
    const first = await alertTo(recipient, 'Fog on the river')
    await card(page, 'Fog on the river').waitFor()
    await waitFor(async () => (await counts(first)).read === 1, { what: 'the alert to be read' })
    assert.deepEqual(await counts(first), { targeted: 1, delivered: 1, read: 1, acknowledged: 0 })
    const second = await alertTo(recipient, 'Fire on board', { severity: 'critical' })
    await page.getByRole('article').first().getByText('Fire on board').waitFor()
    await card(page, 'Fire on board').getByRole('button', { name: 'Acknowledge' }).click()
    await card(page, 'Fire on board')
      .getByText(/^Acknowledged \d/)
      .waitFor()
    assert.equal((await counts(second)).acknowledged, 1)
    // Elsewhere, e.g. by radio: a dispatcher says so.
    await stage.belfry.call(dora, 'PUT', `/api/v1/objects/${recipient.id}/inbox/${first.id}/acknowledged`)
    await card(page, 'Fog on the river')
      .getByText(/^Acknowledged \d/)
      .waitFor()
    assert.deepEqual(problems, [])
  })

  it('does not read what is on a page that nobody looks at', async () => {
    const recipient = recipients[2]!
    const { page } = await stage.open(await inboxLink(stage, dora, recipient), { phone: true })
    await page.getByText('No alerts').waitFor()
    const hide = (isHidden: boolean) =>
      page.evaluate(
        (state) => {
          Object.defineProperty(document, 'visibilityState', { configurable: true, value: state })
          document.dispatchEvent(new Event('visibilitychange'))
        },
        isHidden ? 'hidden' : 'visible',
      )
    await hide(true)
    const alert = await alertTo(recipient, 'Behind your back')
    await card(page, 'Behind your back').waitFor()
    await waitFor(async () => (await page.title()).startsWith('(1) Behind your back'), { what: 'the title to say so' })
    await waitFor(async () => (await counts(alert)).delivered === 1, { what: 'the alert to be delivered' })
    // Longer than a look takes.
    await page.waitForFunction((since) => Date.now() - since > 1500, Date.now())
    assert.equal((await counts(alert)).read, 0)
    await hide(false)
    await waitFor(async () => (await counts(alert)).read === 1, { what: 'the alert to be read' })
  })

  it('comes back when the program was killed: an alert of right after it is there once, and an acknowledgement arrives', async () => {
    const recipient = recipients[3]!
    const { page } = await stage.open(await inboxLink(stage, dora, recipient), { phone: true })
    await page.getByText('Connected.').waitFor()
    const before = await alertTo(recipient, 'Before the fall', { severity: 'warning' })
    await card(page, 'Before the fall').waitFor()
    await stage.belfry.kill()
    await page.getByText(/^No connection: no new alerts reach you here/).waitFor()
    await card(page, 'Before the fall').getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByText('Not sent yet').waitFor()
    assert.deepEqual(await axe(page), [])
    assert.equal(await page.getByText(/^Acknowledged \d/).count(), 0)
    await stage.belfry.start()
    await alertTo(recipient, 'After the fall', { severity: 'critical' })
    await page.getByRole('article').first().getByText('After the fall').waitFor({ timeout: 30_000 })
    await page.getByText('Connected.').waitFor()
    await card(page, 'Before the fall')
      .getByText(/^Acknowledged \d/)
      .waitFor({ timeout: 30_000 })
    assert.equal(await card(page, 'After the fall').count(), 1)
    assert.equal(await page.getByRole('article').count(), 2)
    assert.equal((await counts(before)).acknowledged, 1)
  })

  it('says that it ends when a new link is made', async () => {
    const recipient = recipients[4]!
    const { page } = await stage.open(await inboxLink(stage, dora, recipient), { phone: true })
    await page.getByText('Connected.').waitFor()
    await inboxLink(stage, dora, recipient)
    await page.getByText('This link is not valid any more').waitFor()
    assert.deepEqual(await axe(page), [])
    await page.reload()
    await page.getByText('This page is opened by its link').waitFor()
  })
})

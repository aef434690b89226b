import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Alert, Object as Recipient } from '../api/views.ts'
import { type Account, describeInBrowser } from '../testing/browser.ts'
import { axe } from '../testing/look.ts'
import { inboxLink, makeRecipients } from './testing.ts'

describeInBrowser('raising an alert', (stage) => {
  let dora: Account
  let recipients: Recipient[]

  before(async () => {
    dora = await stage.belfry.account('dora', 'dispatcher')
    recipients = await makeRecipients(stage, dora, 'crew', 5)
  })

  const figure = (page: Page, name: string) =>
    page
      .getByRole('region', { name: 'Progress' })
      .locator('div', { has: page.getByText(name, { exact: true }) })
      .locator('b')

  const alerts = async (text: string) => {
    const { items } = await stage.belfry.call<{ items: Alert[] }>(dora, 'GET', '/api/v1/alerts?limit=200')
    return items.filter((alert) => alert.text === text)
  }

  it('goes to those of a pasted list, and is followed live to the acknowledgement and sent again to the missing', async () => {
    const { page, problems } = await stage.open('/alerts', { as: dora })
    await page.getByRole('link', { name: 'Raise' }).click()
    await page.getByLabel('Text').fill('Boat 3 to the north pier')
    await page.getByRole('radio', { name: 'Critical' }).check()
    await page.getByRole('radio', { name: 'Chosen recipients' }).check()
    await page.getByRole('button', { name: 'Choose' }).click()
    const search = page.getByRole('textbox', { name: 'Search' })
    await search.fill(`Crew <crew-0@example.com>, #${recipients[1]!.id}; nobody@example.com`)
    await search.press('Enter')
    await page.getByText('2 added, 1 not found: nobody@example.com').waitFor()
    await search.fill('crew-2')
    await page.getByRole('checkbox', { name: 'crew-2@example.com' }).check()
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Choose 3 recipients' }).click()
    await page.getByLabel('To be acknowledged').selectOption('Within 15 minutes')
    await page.getByRole('button', { name: 'Raise to 3 recipients' }).click()

    await page.getByText('3 have not acknowledged').waitFor()
    await page.getByText(/^1[45] min/).waitFor()
    const inbox = await stage.open(await inboxLink(stage, dora, recipients[0]!), { phone: true })
    await inbox.page.getByRole('button', { name: 'Acknowledge' }).click()
    await inbox.page.getByText(/^Acknowledged \d/).waitFor()

    await page.getByText('2 have not acknowledged').waitFor()
    assert.equal(await figure(page, 'Acknowledged').textContent(), '1')
    await page.getByRole('tab', { name: 'Acknowledged 1' }).click()
    await page.getByRole('listitem').filter({ hasText: 'crew-0@example.com' }).waitFor()
    await page.getByRole('tab', { name: 'Missing 2' }).click()
    await page.getByRole('listitem').filter({ hasText: 'crew-1@example.com' }).waitFor()

    const other = await stage.open(await inboxLink(stage, dora, recipients[1]!), { phone: true })
    await other.page.getByRole('heading', { name: 'Inbox' }).waitFor()
    await other.page.getByText('Connected.').waitFor()
    // The names behind the counts follow.
    await page.getByRole('listitem').filter({ hasText: 'crew-1@example.com' }).getByText('Read').waitFor()
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByRole('radio', { name: 'The missing, 2 now' }).waitFor()
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Send again to 2 recipients' }).click()
    await page.getByText(/^Sent again to the missing/).waitFor()
    await other.page.getByText('Sent again').waitFor()
    assert.equal(await inbox.page.getByText('Sent again').count(), 0)
    assert.deepEqual([...problems, ...inbox.problems, ...other.problems], [])
  })

  it('says at its field what the server does not take, and asks once more before everybody is alarmed', async () => {
    const { page } = await stage.open('/alerts/new', { as: dora, phone: true, colorScheme: 'dark' })
    await page.getByRole('button', { name: 'Raise', exact: true }).click()
    await page.getByText('What is it about?').waitFor()
    await page.getByText('Who gets it?').waitFor()
    await page.getByLabel('Text').fill('Leave the building')
    await page.getByRole('radio', { name: 'Everyone' }).check()
    await page.getByRole('checkbox', { name: 'SMS' }).check()
    await page.getByRole('button', { name: 'Raise to 5 recipients' }).click()
    await page.getByText(/^Sms is not configured: BELFRY_SMS_URL/).waitFor()

    await page.getByRole('checkbox', { name: 'SMS' }).uncheck()
    await page.getByRole('radio', { name: 'Critical' }).check()
    await page.getByRole('button', { name: 'Raise to 5 recipients' }).click()
    const dialog = page.getByRole('dialog', { name: 'A critical alert to 5 recipients?' })
    await dialog.getByRole('button', { name: 'Not yet' }).waitFor()
    assert.deepEqual(await axe(page), [])
    await dialog.getByRole('button', { name: 'Not yet' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.equal((await alerts('Leave the building')).length, 0)
    await page.getByRole('button', { name: 'Raise to 5 recipients' }).click()
    await dialog.getByRole('button', { name: 'Raise to 5 recipients' }).click()
    await page.getByText('5 not reached').waitFor()
    assert.equal((await alerts('Leave the building')).length, 1)
  })

  it('happens once when the answer was lost and it is sent again', async () => {
    const { page } = await stage.open('/alerts/new', { as: dora })
    let lost = 0
    await page.route('**/api/v1/alerts', async (route) => {
      if (route.request().method() !== 'POST' || lost > 0) return route.fallback()
      lost++
      await route.fetch()
      await route.abort()
    })
    await page.getByLabel('Text').fill('Once only')
    await page.getByRole('radio', { name: 'Everyone' }).check()
    await page.getByLabel('To be acknowledged').selectOption('Within 5 minutes')
    const button = page.getByRole('button', { name: 'Raise to 5 recipients' })
    await button.click()
    await page.getByRole('alert').filter({ hasText: 'It may have gone out or not' }).waitFor()
    await button.click()
    await page.getByText('5 have not acknowledged').waitFor()
    assert.equal(lost, 1)
    assert.equal((await alerts('Once only')).length, 1)
  })
})

import assert from 'node:assert/strict'
import { type Account, describeInBrowser } from '../../testing/browser.ts'
import { makeRecipients } from '../testing.ts'

const many = 10_050

describeInBrowser('choosing among more recipients than a browser should hold', (stage) => {
  let dora: Account

  before(async function () {
    this.timeout(60_000)
    dora = await stage.belfry.account('dora', 'dispatcher')
    await makeRecipients(stage, dora, 'crew', many)
  })

  it('asks the server for those who are looked for, and for those of a list', async () => {
    const { page, problems } = await stage.open('/alerts/new', { as: dora })
    await page.getByText('10,000 recipients or more').waitFor()
    await page.getByRole('radio', { name: 'Chosen recipients' }).check()
    await page.getByRole('button', { name: 'Choose' }).click()
    const search = page.getByRole('textbox', { name: 'Search' })
    await search.fill('crew 10049')
    await page.getByRole('checkbox', { name: 'crew-10049@example.com' }).check()
    await search.fill('crew-10048@example.com, #10048, +1 212 556 0046, who@example.com')
    await search.press('Enter')
    await page.getByText('3 added, 1 not found: who@example.com').waitFor()
    await page.getByRole('button', { name: 'Choose 4 recipients' }).click()
    await page.getByLabel('Text').fill('To the last ones')
    await page.getByRole('button', { name: 'Raise to 4 recipients' }).click()
    await page.getByText('4 not reached').waitFor()
    for (const index of [10_046, 10_047, 10_048, 10_049])
      await page
        .getByRole('listitem')
        .filter({ hasText: `crew-${index}@example.com` })
        .waitFor()
    assert.deepEqual(problems, [])
  })
})

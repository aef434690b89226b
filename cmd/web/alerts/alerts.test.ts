import assert from 'node:assert/strict'
import { type Account, describeInBrowser } from '../testing/browser.ts'
import { makeRecipients, raise } from './testing.ts'

const many = 450

describeInBrowser('alerts', (stage) => {
  let dora: Account

  before(async function () {
    this.timeout(60_000)
    dora = await stage.belfry.account('dora', 'dispatcher')
    await makeRecipients(stage, dora, 'crew', many)
    for (let week = 1; week <= 60; week++)
      await raise(stage, dora, { text: `Sirens, week ${week}`, object_ids: [week] })
  })

  it('appear as they are raised, and older ones as one scrolls', async () => {
    const { page, problems } = await stage.open('/alerts', { as: dora })
    const list = page.getByRole('list', { name: 'Alerts' })
    await list.getByText('Sirens, week 60').waitFor()
    const { id } = await raise(stage, dora, { text: 'Fog', severity: 'warning', object_ids: [1, 2, 3] })
    const row = list.getByRole('listitem').filter({ hasText: 'Fog' })
    await row.getByText('3 missing').waitFor()
    await stage.belfry.call(dora, 'PUT', `/api/v1/objects/1/inbox/${id}/read`)
    await row.getByText('2 missing').waitFor()
    await row.hover()
    while (!(await list.getByText('Sirens, week 1', { exact: true }).isVisible())) await page.mouse.wheel(0, 2000)
    assert.deepEqual(problems, [])
  })

  it('have roll-calls of any length, of which a few rows are on the page', async () => {
    const { id } = await raise(stage, dora, { text: 'To all of you', alert_all: true })
    const { page } = await stage.open(`/alerts/${id}`, { as: dora })
    await page.getByText(`${many} not reached`).waitFor()
    const names = page.getByRole('list', { name: 'Missing' })
    await names.getByText('crew-0@example.com').hover()
    while (!(await names.getByText(`crew-${many - 1}@example.com`).isVisible())) await page.mouse.wheel(0, 3000)
    const rows = await names.getByRole('listitem').count()
    assert.ok(rows < 60, `${rows}`)
  })

  it('are not for members, who are told so', async () => {
    const mia = await stage.belfry.account('mia')
    const { page, problems } = await stage.open('/alerts', { as: mia })
    await page.getByText('Alerts are for dispatchers').waitFor()
    assert.deepEqual(problems, [])
  })
})

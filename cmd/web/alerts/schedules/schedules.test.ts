import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Schedule } from '../../api/views.ts'
import { type Account, describeInBrowser } from '../../testing/browser.ts'
import { axe } from '../../testing/look.ts'
import { makeRecipients } from '../testing.ts'

describeInBrowser('schedules', (stage) => {
  let dora: Account
  let mia: Account
  let topic: { id: number }

  before(async () => {
    dora = await stage.belfry.account('dora', 'dispatcher')
    mia = await stage.belfry.account('mia')
    await makeRecipients(stage, dora, 'crew', 3)
    topic = await stage.belfry.call(mia, 'POST', '/api/v1/topics', { name: 'Watch', visibility: 'public' })
  })

  const schedules = async (as: Account) =>
    (await stage.belfry.call<{ items: Schedule[] }>(as, 'GET', '/api/v1/schedules')).items
  const row = (page: Page, name: string) => page.getByRole('link').filter({ hasText: name })

  it('of an alert: made, changed, paused, resumed, and deleted', async () => {
    const { page, problems } = await stage.open('/alerts', { as: dora })
    await page.getByRole('link', { name: 'Schedules' }).click()
    await page.getByText('Nothing is scheduled').waitFor()
    await page.getByRole('link', { name: 'New' }).click()
    await page.getByRole('radio', { name: 'Again and again' }).check()
    await page.getByLabel('At', { exact: true }).fill('10:30')
    for (const day of ['Sat', 'Sun']) await page.getByRole('group', { name: 'Days' }).getByText(day).click()
    await page.getByRole('combobox', { name: 'Time zone' }).fill('Europe/Berlin')
    await page.getByLabel('Text').fill('Drill: leave the building')
    await page.getByRole('radio', { name: 'Everyone' }).check()
    await page.getByLabel('To be acknowledged').selectOption('Within 15 minutes')
    await page.getByLabel('Name (optional)').fill('Fire drill')
    await page.getByRole('button', { name: 'Schedule', exact: true }).click()
    await row(page, 'Fire drill').getByText('Monday to Friday at 10:30').waitFor()
    assert.deepEqual(await axe(page), [])
    const [made] = await schedules(dora)
    assert.equal(made?.cron, '30 10 * * 1,2,3,4,5')
    assert.equal(made?.time_zone, 'Europe/Berlin')
    assert.equal(made?.alert?.acknowledge_within_minutes, 15)

    await page.getByLabel('Text').fill('Drill: stay in the building')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await row(page, 'Fire drill').getByText('Paused').waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await row(page, 'Fire drill')
      .getByText(/^Next: /)
      .waitFor()
    const [changed] = await schedules(dora)
    assert.deepEqual([changed?.alert?.text, changed?.next_at], ['Drill: stay in the building', made?.next_at])

    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Nothing is scheduled').waitFor()
    assert.deepEqual(await schedules(dora), [])
    assert.deepEqual(problems, [])
  })

  it('that the server does not take say why at the field, and what has fired says so', async () => {
    const { page } = await stage.open('/alerts/schedules/new', { as: dora })
    await page.getByRole('radio', { name: 'Again and again' }).check()
    await page.getByLabel('Repeat').selectOption('By a cron expression')
    await page.getByLabel('Cron expression').fill('0 9 31 2 *')
    await page.getByLabel('Text').fill('Never')
    await page.getByRole('radio', { name: 'Everyone' }).check()
    await page.getByRole('button', { name: 'Schedule', exact: true }).click()
    await page.getByText('Names no time that ever comes').waitFor()

    const at = new Date(Date.now() + 1000).toISOString()
    const alert = { text: 'Now or never', alert_all: true }
    const { id } = await stage.belfry.call<Schedule>(dora, 'POST', '/api/v1/schedules', { at, alert })
    const other = await stage.open(`/alerts/schedules/${id}`, { as: dora })
    await row(other.page, 'Now or never').getByText('Over').waitFor({ timeout: 30_000 })
    await other.page
      .getByRole('region', { name: 'How it is doing' })
      .getByText(/^today /)
      .waitFor()
    // What has passed is no time to set: only the text goes out.
    await other.page.getByLabel('Name (optional)').fill('Once')
    await other.page.getByRole('button', { name: 'Save' }).click()
    await other.page.getByText('Saved').waitFor()
  })

  it("of a message are a member's as well, from a conversation", async () => {
    const { page, problems } = await stage.open(`/topics/${topic.id}`, {
      ...{ as: mia, phone: true, colorScheme: 'dark' as const },
    })
    await page.getByLabel('Write a message').fill('Good morning')
    await page.getByRole('link', { name: 'Send later' }).click()
    await page.getByLabel('At', { exact: true }).fill('2099-06-01T08:00')
    assert.equal(await page.getByLabel('Message').inputValue(), 'Good morning')
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Schedule', exact: true }).click()
    await page
      .getByText(/2099, 08:00/)
      .filter({ visible: true })
      .waitFor()
    const [made] = await schedules(mia)
    assert.deepEqual(
      [made?.at, made?.message],
      ['2099-06-01T08:00:00.000Z', { conversation_id: topic.id, body: 'Good morning' }],
    )
    await page.goBack()
    await page.goBack()
    assert.equal(await page.getByLabel('Write a message').inputValue(), '')
    assert.deepEqual(problems, [])
  })
})

import assert from 'node:assert/strict'
import { startTestSmtp, type TestSmtp } from '#internal/deliveries/testing'
import type { Alert, Object as Recipient } from '../../api/views.ts'
import { type Account, describeInBrowser } from '../../testing/browser.ts'
import { axe } from '../../testing/look.ts'
import { makeRecipients, raise } from '../testing.ts'

const ids = (recipients: Recipient[]) => recipients.map(({ id }) => id)

describeInBrowser('what becomes of an alert beside the inbox', (stage) => {
  let dora: Account
  let smtp: TestSmtp
  let crew: Recipient[]
  let unanswered: Alert

  before(async function () {
    this.timeout(60_000)
    smtp = await startTestSmtp()
    await stage.belfry.kill()
    await stage.belfry.start({ BELFRY_SMTP_URL: smtp.url, BELFRY_MAIL_FROM: 'alerts@example.com' })
    dora = await stage.belfry.account('dora', 'dispatcher')
    crew = await makeRecipients(stage, dora, 'crew', 3)
    unanswered = await raise(stage, dora, {
      text: 'Come to the station',
      object_ids: ids(crew.slice(1)),
      acknowledge_by: new Date(Date.now() + 3000).toISOString(),
      escalate_to: ids(crew.slice(0, 1)),
    })
  })
  after(() => smtp.stop())

  it('is shown: who got no e-mail and why, and after sending again that they did', async () => {
    smtp.mood = 550
    const { id } = await raise(stage, dora, { text: 'Fire', channels: ['inbox', 'email'], object_ids: ids(crew) })
    const { page, problems } = await stage.open(`/alerts/${id}`, { as: dora })
    const deliveries = page.getByRole('region', { name: 'Also sent by' })
    await deliveries.getByRole('button', { name: '3 given up by E-mail: show', pressed: true }).waitFor()
    await deliveries
      .getByRole('listitem')
      .filter({ hasText: /crew-2@example.*550 Not now, or not here/ })
      .waitFor()
    assert.deepEqual(await axe(page), [])

    smtp.mood = 'accept'
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Send again to 3 recipients' }).click()
    await deliveries.getByRole('button', { name: '3 sent by E-mail: show' }).click()
    await deliveries.getByText('crew-2@example.com sent again, round 1').waitFor()
    assert.deepEqual(smtp.mails.map(({ to }) => to).toSorted(), [...crew.map(({ email }) => email)].toSorted())
    assert.deepEqual(problems, [])
  })

  it('is shown: that nobody acknowledged it in time, and where it went from there', async () => {
    const { page, problems } = await stage.open(`/alerts/${unanswered.id}`, { as: dora })
    await page.getByText('Was to be acknowledged until').waitFor()
    await stage.belfry.runJob('escalations')
    await page.getByRole('link', { name: /^alert \d+$/ }).click()
    await page
      .getByText(/Escalation: 2 of 2 have not acknowledged/, { exact: false })
      .filter({ visible: true })
      .first()
      .waitFor()
    await page.getByText('1 recipient, chosen').waitFor()
    await page.getByRole('link', { name: `alert ${unanswered.id}`, exact: true }).click()
    await page.getByText('2 recipients, chosen').waitFor()
    assert.deepEqual(problems, [])
  })
})

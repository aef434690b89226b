import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { waitFor } from '#internal/testing/wait-for'
import { type Account, describeInBrowser, type Opened } from '../testing/browser.ts'
import { axe } from '../testing/look.ts'

interface Made {
  id: number
}

describeInBrowser('Manage', (stage) => {
  /** Where alerts by webhook go. It takes them once it is told to. */
  let takesWebhooks = false
  const hooks = createServer((request, response) => {
    request.resume()
    response.writeHead(takesWebhooks ? 200 : 400).end()
  })
  let dora: Account
  let admin: Account
  before(async () => {
    await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve))
    await stage.belfry.kill()
    await stage.belfry.start({
      BELFRY_WEBHOOK_URL: `http://127.0.0.1:${(hooks.address() as AddressInfo).port}`,
      BELFRY_WEBHOOK_SECRET: 'a secret of the tests',
      BELFRY_GRAFANA_URL: 'https://grafana.example.com/',
    })
    dora = await stage.belfry.account('dora', 'dispatcher')
    admin = stage.belfry.admin
  })
  after(() => hooks.close())

  const call = <T>(method: string, path: string, body?: unknown) =>
    stage.belfry.call<T>(admin, method, `/api/v1${path}`, body)
  const recipient = (email: string, phone_number = '212-555-1234') =>
    call<Made>('POST', '/objects', { email, phone_number })
  const isClean = ({ problems }: Opened) => assert.deepEqual(problems, [])

  it('has recipients: found, added, changed, removed', async () => {
    for (const email of ['ann.lee@corp.example', 'bo.berg@corp.example']) await recipient(email)
    const opened = await stage.open('/manage', { as: dora })
    const { page } = opened
    const row = (email: string) => page.getByRole('link', { name: email })
    await row('ann.lee@corp.example').waitFor()
    assert.equal(await page.getByRole('navigation', { name: 'Manage' }).count(), 0)

    await page.getByRole('searchbox').fill('berg')
    await row('ann.lee@corp.example').waitFor({ state: 'detached' })
    await row('bo.berg@corp.example').waitFor()
    await page.getByRole('searchbox').fill('nobody')
    await page.getByText('Nobody is found for “nobody”').waitFor()

    await page.getByRole('button', { name: 'Add' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail').fill('cy@corp.example')
    await dialog.getByLabel('Phone number').fill('12')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await dialog.getByText('Is not a phone number').waitFor()
    await dialog.getByLabel('Phone number').fill('+49 30 901820')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('heading', { name: 'cy@corp.example' }).waitFor()
    await page.getByText('No alerts so far').waitFor()

    const act = async (name: string) => {
      await page.getByRole('button', { name: 'More about this recipient' }).click()
      await page.getByRole('menuitem', { name }).click()
    }
    await act('Edit')
    await dialog.getByLabel('E-mail').fill('cyrus@corp.example')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'cyrus@corp.example' }).waitFor()
    await act('Remove')
    await dialog.getByRole('button', { name: 'Remove' }).click()
    await page.getByText('Choose a recipient').waitFor()
    await page.getByRole('searchbox').fill('cyrus')
    await page.getByText('Nobody is found for “cyrus”').waitFor()
    assert.deepEqual(
      opened.problems.filter((problem) => !problem.includes('422')),
      [],
    )
  })

  it('shows an inbox as it changes, and makes the link that opens it', async () => {
    const { id } = await recipient('dee@corp.example')
    const opened = await stage.open(`/manage/recipients/${id}`, { as: dora })
    const { page } = opened
    await page.getByText('No alerts so far').waitFor()
    const alert = await call<Made>('POST', '/alerts', { text: 'Gale at noon', object_ids: [id] })
    await page.getByText('Gale at noon').waitFor()
    await page.getByText('Not delivered yet').waitFor()
    await call('PUT', `/objects/${id}/inbox/${alert.id}/acknowledged`)
    await page.getByText('Acknowledged').waitFor()

    await page.getByRole('button', { name: 'Inbox link' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('A new link ends the one before').waitFor()
    await dialog.getByRole('button', { name: 'Make a new link' }).click()
    await dialog.getByRole('img', { name: /QR code/ }).waitFor()
    assert.deepEqual(await axe(page), [])
    const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue()
    const [, token] = /^http:\/\/127\.0\.0\.1:\d+\/i\/\d+#(bx_\w+)$/.exec(link)!
    const inbox = { username: '', password: '', token: token! }
    await stage.belfry.call(inbox, 'GET', `/api/v1/objects/${id}/inbox`)

    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await dialog.getByText('Copied.').waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link)
    isClean(opened)
  })

  it('has accounts: created with a first password, given a role, shut out, and never without an admin', async () => {
    const opened = await stage.open('/manage/accounts', { as: admin })
    const { page } = opened
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Create' }).click()
    await dialog.getByLabel('Username').fill('nina')
    await dialog.getByLabel('Role').selectOption('Dispatcher')
    assert.deepEqual(await axe(page), [])
    await dialog.getByRole('button', { name: 'Create' }).click()
    const password = await dialog.getByRole('textbox', { name: 'Password' }).inputValue()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('heading', { name: 'nina' }).waitFor()
    assert.ok(await page.getByRole('radio', { name: 'Dispatcher' }).isChecked())
    const logIn = () => stage.belfry.call(undefined, 'POST', '/api/v1/sessions', { username: 'nina', password })
    await logIn()

    await page.getByRole('button', { name: 'Disable' }).click()
    await dialog.getByRole('button', { name: 'Disable' }).click()
    await page.getByText('This account cannot log in').waitFor()
    await assert.rejects(logIn, /invalid_credentials/)
    await page.getByRole('button', { name: 'Enable' }).click()
    await page.getByRole('button', { name: 'Disable' }).waitFor()

    await page.getByRole('searchbox').fill('admin')
    await page.getByRole('link', { name: 'nina' }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: /^A? ?admin/ }).click()
    await page.getByRole('radio', { name: 'Member' }).click()
    await dialog.getByText('You will not be an admin any more').waitFor()
    await dialog.getByRole('button', { name: 'Change my role' }).click()
    await dialog.getByText('This is the last admin').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    assert.ok(await page.getByRole('radio', { name: 'Admin' }).isChecked())
    assert.deepEqual(
      opened.problems.filter((problem) => !problem.includes('409')),
      [],
    )
  })

  it('has dead letters, which are tried again or forgotten', async () => {
    const opened = await stage.open('/manage/dead-letters', { as: admin })
    const { page } = opened
    await page.getByText('Nothing was left behind').waitFor()
    const { id } = await recipient('eve@corp.example')
    for (const text of ['Gale', 'Flood']) {
      const body = { text, object_ids: [id], channels: ['webhook'] }
      const alert = await call<Made>('POST', '/alerts', body)
      const dead = async () =>
        (await call<{ counts: { dead: number }[] }>('GET', `/alerts/${alert.id}/deliveries`)).counts[0]?.dead === 1
      await waitFor(dead, { what: 'the delivery to be given up' })
    }
    await page.reload()
    const entries = page.getByRole('list', { name: 'Dead letters' }).getByRole('listitem')
    await entries.nth(1).waitFor()
    assert.match((await entries.first().textContent()) ?? '', /Webhook.*status 400.*Alert \d+.*Recipient #\d+/)

    await entries.first().getByRole('button', { name: 'Forget' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click()
    await entries.nth(1).waitFor({ state: 'detached' })
    takesWebhooks = true
    await entries.first().getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Nothing was left behind').waitFor()
    const replayed = async () =>
      (await call<{ items: unknown[] }>('GET', '/dead-letters?state=replayed')).items.length === 1
    await waitFor(replayed, { what: 'the delivery to be done' })
    await page.getByText('Done since').click()
    await entries.first().waitFor()
    isClean(opened)
  })

  it('leads to the dashboards and to the API', async () => {
    const { page } = await stage.open('/manage/dashboards', { as: admin })
    const overview = page.getByRole('link', { name: /^Overview/ })
    assert.equal(await overview.getAttribute('href'), 'https://grafana.example.com/d/belfry-overview')
    const [documentation] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByRole('link', { name: /^Documentation of the API/ }).click(),
    ])
    await documentation.getByText('/api/v1/objects/import').first().waitFor()
  })

  it('imports a file: shows what is bad, goes on after the server was away, adds nobody twice', async () => {
    const opened = await stage.open('/manage/recipients/import', { as: dora })
    const { page } = opened
    const lines = Array.from({ length: 4_000 }, (_, i) =>
      i % 1000 === 0 ? `bad${i},1` : `many${i}@crew.example,212-555-1234`,
    )
    const file = (text: string) => ({ name: 'crew.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    const choose = (text: string) => page.locator('input[type=file]').setInputFiles(file(text))
    await choose('mail;phone\n')
    await page.getByText('must name the columns').waitFor()

    await choose(`email,phone_number\n${lines.join('\n')}\n`)
    await page.getByText('What is in the file').waitFor()
    await page.getByText('email "bad1000" is not an e-mail address').waitFor()
    assert.deepEqual(await axe(page), [])
    const [report] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the list' }).click(),
    ])
    assert.equal(report.suggestedFilename(), 'crew-bad-lines.csv')

    await page.getByRole('button', { name: 'Add 3,996 recipients, leave out 4 bad lines' }).click()
    await page.getByText('Importing').waitFor()
    await stage.belfry.kill()
    await page.getByText('It goes on by itself').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await stage.belfry.start()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('3,996 recipients added').waitFor({ timeout: 30_000 })

    await page.getByRole('button', { name: 'Import another file' }).click()
    await choose(`email,phone_number\n${lines.join('\n')}\n`)
    await page.getByText('Nothing in it can be added').waitFor()
    let found = 0
    for (let after = ''; ; ) {
      const list = await call<{ items: unknown[]; next: string | null }>('GET', `/objects?query=crew&limit=200${after}`)
      found += list.items.length
      if (list.next === null) break
      after = `&after=${list.next}`
    }
    assert.equal(found, 3996)
  })
})

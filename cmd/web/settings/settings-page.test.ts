import assert from 'node:assert/strict'
import { generateSync } from 'otplib'
import { type Account, describeInBrowser, type Opened } from '../testing/browser.ts'
import { axe } from '../testing/look.ts'

describeInBrowser('Settings', (stage) => {
  let ada: Account
  before(async () => {
    ada = await stage.belfry.account('ada')
  })

  const call = <T>(as: Account, method: string, path: string, body?: unknown) =>
    stage.belfry.call<T>(as, method, `/api/v1${path}`, body)
  const isClean = ({ problems }: Opened, ...expected: RegExp[]) =>
    assert.deepEqual(
      problems.filter((problem) => !expected.some((pattern) => pattern.test(problem))),
      [],
    )

  it('change a profile', async () => {
    const opened = await stage.open('/settings', { as: ada })
    const { page } = opened
    await page.getByLabel('First name').fill('Ada')
    await page.getByLabel('E-mail').fill('nobody')
    await page.getByLabel('Friends only').check()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Invalid email address').waitFor()
    await page.getByLabel('E-mail').fill('ada@example.com')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    const { first_name, email, who_may_message } = await call<Record<string, string>>(ada, 'GET', '/me')
    assert.deepEqual([first_name, email, who_may_message], ['Ada', 'ada@example.com', 'friends'])
    isClean(opened, /422/)
  })

  it('change a password, which ends the other sessions, and says so', async () => {
    const bob = await stage.belfry.account('bob')
    const other = await stage.belfry.call<Account>(undefined, 'POST', '/api/v1/sessions', {
      username: 'bob',
      password: bob.password,
    })
    const opened = await stage.open('/settings/password', { as: bob })
    const { page } = opened
    const current = page.getByRole('textbox', { name: 'Current password' })
    await current.fill('wrong')
    await page.getByRole('textbox', { name: 'New password' }).fill('a better password')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('The current password is wrong.').waitFor()
    await current.fill(bob.password)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByText('all your other sessions have ended').waitFor()
    assert.deepEqual(await axe(page), [])
    await assert.rejects(call(other, 'GET', '/me'), /401/)
    await call(bob, 'GET', '/me')
    isClean(opened, /403/)
  })

  it('turn codes on and off, and the log-in asks for one in between', async () => {
    const cem = await stage.belfry.account('cem')
    const opened = await stage.open('/settings/codes', { as: cem })
    const { page } = opened
    await page.getByRole('button', { name: 'Set up codes' }).click()
    await page.getByRole('img', { name: /QR code/ }).waitFor()
    assert.deepEqual(await axe(page), [])
    const secret = (await page.getByLabel('Or type in this secret').inputValue()).replaceAll(' ', '')
    // A code works once: those of the half minute before, of this one, and of the next.
    const code = (steps: number) => generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + steps * 30 })
    const field = page.getByLabel('Code', { exact: true })
    await field.fill('000000')
    await page.getByText('code is wrong').waitFor()
    await field.fill(code(-1))
    await page.getByText('Two-step codes are on').waitFor()

    const login = await stage.open('/login')
    await login.page.getByLabel('Username').fill('cem')
    await login.page.getByRole('textbox', { name: 'Password' }).fill(cem.password)
    await login.page.keyboard.press('Enter')
    await login.page.getByRole('heading', { name: 'One more step' }).waitFor()
    assert.deepEqual(await axe(login.page), [])
    await login.page.keyboard.type('111111')
    await login.page.getByText('This code is wrong').waitFor()
    // Pasted as apps show it, in two groups.
    await login.page.keyboard.insertText(code(0).replace(/^.../, '$& '))
    await login.page.getByRole('heading', { name: 'Topics' }).waitFor()

    await page.getByRole('button', { name: 'Turn codes off' }).click()
    await field.fill(code(1))
    await page.getByText('Two-step codes are off').waitFor()
    isClean(opened, /403/)
    isClean(login, /401/)
  })

  it('end a session elsewhere, which goes to the log-in there and says why', async () => {
    const dan = await stage.belfry.account('dan')
    const { token } = await stage.belfry.call<{ token: string }>(undefined, 'POST', '/api/v1/sessions', {
      username: 'dan',
      password: dan.password,
    })
    const there = await stage.open('/settings/appearance', { as: { ...dan, token } })
    await there.page.getByText('Colours').waitFor()
    const here = await stage.open('/settings/sessions', { as: dan })
    const entries = here.page.getByRole('list', { name: 'Sessions' }).getByRole('listitem')
    await entries.nth(1).waitFor()
    assert.equal(await here.page.getByText('This one').count(), 1)
    await here.page.getByRole('button', { name: /^End/ }).click()
    await entries.nth(1).waitFor({ state: 'detached' })

    await there.page.getByText('Your session was ended').waitFor()
    await there.page.getByLabel('Username').fill('dan')
    await there.page.getByRole('textbox', { name: 'Password' }).fill(dan.password)
    await there.page.keyboard.press('Enter')
    await there.page.getByRole('heading', { name: 'Appearance' }).waitFor()
    isClean(here)
  })

  it('make an API key, which is shown once and ends when it is deleted', async () => {
    const opened = await stage.open('/settings/api-keys', { as: ada })
    const { page } = opened
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'New key' }).click()
    await dialog.getByLabel('Name').fill('Backup')
    await dialog.getByLabel('Topics and messages').check()
    assert.deepEqual(await axe(page), [])
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    const token = await dialog.getByRole('textbox', { name: 'Key' }).inputValue()
    const key = { ...ada, token }
    await call(key, 'GET', '/topics')
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.getByText('Read everything, Topics and messages').waitFor()
    await page.getByRole('button', { name: 'Delete the key Backup' }).click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('No keys yet').waitFor()
    await assert.rejects(call(key, 'GET', '/topics'), /401/)
    isClean(opened)
  })

  it('change the colours, which stay', async () => {
    const { page } = await stage.open('/settings/appearance', { as: ada })
    const scheme = () => page.evaluate(() => document.documentElement.dataset.mantineColorScheme)
    assert.equal(await scheme(), 'light')
    await page.getByRole('radio', { name: 'Dark' }).check()
    assert.equal(await scheme(), 'dark')
    assert.deepEqual(await axe(page), [])
    await page.reload()
    await page.getByRole('heading', { name: 'Appearance' }).waitFor()
    assert.equal(await scheme(), 'dark')
  })
})

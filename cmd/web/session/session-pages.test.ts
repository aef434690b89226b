import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { describeInBrowser } from '../testing/browser.ts'
import { axe } from '../testing/look.ts'

describeInBrowser('logging in', (stage) => {
  async function logIn(page: Page, username: string, password: string): Promise<void> {
    await page.getByLabel('Username').fill(username)
    await page.getByRole('textbox', { name: 'Password' }).fill(password)
    await page.keyboard.press('Enter')
  }

  it('registers, and says what is wrong with a name or a password', async () => {
    const { page, problems } = await stage.open('/')
    await page.getByRole('link', { name: 'Register' }).click()
    await page.getByText('At least 3 characters').waitFor()
    await page.getByLabel('Username').fill('admin')
    await page.getByRole('textbox', { name: 'Password' }).fill('x')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByText('Must have at least 3 characters').waitFor()
    await page.getByRole('textbox', { name: 'Password' }).fill('a password')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByText(/taken/).waitFor()
    await page.getByLabel('Username').fill('rita')
    await page.getByRole('button', { name: 'Register' }).click()
    await page.getByRole('heading', { name: 'Topics' }).waitFor()
    assert.deepEqual(
      problems.filter((problem) => !/4(22|09)/.test(problem)),
      [],
    )
  })

  it('leads to where one wanted to go, and out again', async () => {
    const ada = await stage.belfry.account('ada')
    const { page } = await stage.open('/settings/sessions')
    await logIn(page, 'ada', 'wrong')
    await page.getByRole('alert').getByText(/wrong/).waitFor()
    await logIn(page, 'ada', ada.password)
    await page.getByRole('heading', { name: 'Sessions' }).waitFor()
    await page.getByRole('button', { name: 'Your account: ada' }).click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
    await page.goto(`${stage.belfry.url}/topics`)
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
  })

  it('says when to try again after too many wrong passwords', async () => {
    const bob = await stage.belfry.account('bob')
    const guess = () => stage.belfry.call(undefined, 'POST', '/api/v1/sessions', { username: 'bob', password: 'x' })
    for (let i = 0; i < 10; i++) await assert.rejects(guess, /401/)
    const { page } = await stage.open('/login')
    await logIn(page, 'bob', bob.password)
    await page.getByText(/Try again in \d+ minutes/).waitFor()
  })

  it('goes out of all tabs of a browser at once, and says why', async () => {
    const cem = await stage.belfry.account('cem')
    const { page } = await stage.open('/topics', { as: cem })
    await page.getByRole('heading', { name: 'Topics' }).waitFor()
    const other = await page.context().newPage()
    await other.goto(`${stage.belfry.url}/people`)
    await other.getByRole('heading', { name: 'People' }).waitFor()
    await page.getByRole('button', { name: 'Your account: cem' }).click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
    await other.getByText('You have logged out in another tab.').waitFor()
  })

  it('says that registration is closed, and offers none', async () => {
    await stage.belfry.kill()
    await stage.belfry.start({ BELFRY_REGISTRATION: 'closed' })
    const { page, problems } = await stage.open('/login')
    await page.getByText('Ask an admin for one.').waitFor()
    assert.equal(await page.getByRole('link', { name: 'Register' }).count(), 0)
    await page.goto(`${stage.belfry.url}/register`)
    await page.getByRole('heading', { name: 'Registration is closed' }).waitFor()
    assert.deepEqual(await axe(page), [])
    assert.deepEqual(problems, [])
  })
})

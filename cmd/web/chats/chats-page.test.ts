import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { type Account, describeInBrowser } from '../testing/browser.ts'
import { axe } from '../testing/look.ts'

describeInBrowser('the page of messages', (stage) => {
  let ada: Account
  let bob: Account
  before(async () => {
    ada = await stage.belfry.account('ada')
    bob = await stage.belfry.account('bob')
    await stage.belfry.account('cleo')
  })

  async function choose(page: Page, ...usernames: string[]): Promise<void> {
    for (const username of usernames) {
      await page.getByRole('combobox', { name: 'To' }).fill(username)
      await page.getByRole('option', { name: username }).waitFor()
      await page.keyboard.press('Enter')
    }
  }
  const write = async (page: Page, text: string) => {
    await page.getByRole('textbox', { name: 'Write a message' }).fill(text)
    await page.keyboard.press('Enter')
  }

  it('writes to one, who answers; each sees the status of the other', async () => {
    const { page: hers, problems } = await stage.open('/messages', { as: ada })
    const { page: his } = await stage.open('/messages', { as: bob })
    await hers.getByRole('button', { name: 'New message' }).first().click()
    await choose(hers, 'bob')
    await hers.getByRole('button', { name: 'Write' }).click()
    await hers.getByRole('heading', { level: 1, name: 'bob' }).waitFor()
    await write(hers, 'Are you there?')
    await his.getByRole('link', { name: /ada.*Are you there.*1 unread/ }).click()
    await write(his, 'Always')
    await hers.getByRole('article').getByText('Always').waitFor()
    await stage.belfry.call(bob, 'PUT', '/api/v1/me/status', { status: 'On watch' })
    await hers.getByText('On watch').waitFor()
    await stage.belfry.call(bob, 'DELETE', '/api/v1/me/status')
    await hers.getByText('On watch').waitFor({ state: 'detached' })
    assert.deepEqual(problems, [])
  })

  it('makes a group with a name, in which others find themselves, and which they can leave', async () => {
    const { page: hers } = await stage.open('/messages', { as: ada })
    const { page: his, problems } = await stage.open('/messages', { as: bob })
    await hers.getByRole('button', { name: 'New message' }).first().click()
    await choose(hers, 'bob', 'cleo')
    await hers.getByRole('textbox', { name: 'Name of the group' }).fill('Slipway crew')
    await hers.getByRole('button', { name: 'Make group' }).click()
    await hers.getByText('3 members: you, bob, cleo').waitFor()
    await his.getByRole('link', { name: /Slipway crew/ }).click()
    await his.getByRole('button', { name: 'About this group' }).click()
    await his.getByRole('button', { name: 'Leave this group' }).click()
    await his.getByRole('button', { name: 'Leave', exact: true }).click()
    await his.getByText('Choose a conversation').waitFor()
    await his.getByRole('link', { name: /Slipway crew/ }).waitFor({ state: 'detached' })
    await hers.getByRole('button', { name: 'About this group' }).click()
    await hers.getByText('2 members: you, cleo').waitFor()
    assert.deepEqual(problems, [])
  })

  it('says plainly that somebody takes messages from friends only', async () => {
    const dora = await stage.belfry.account('dora')
    await stage.belfry.call(dora, 'PATCH', '/api/v1/me', { who_may_message: 'friends' })
    const { page } = await stage.open('/messages', { as: bob })
    await page.getByRole('button', { name: 'New message' }).first().click()
    await choose(page, 'dora')
    await page.getByRole('button', { name: 'Write' }).click()
    await page.getByText('dora takes messages from friends only').waitFor()
  })

  it('leads to the topic where the address is that of one, and says where there is nothing', async () => {
    const { id } = await stage.belfry.call<{ id: number }>(ada, 'POST', '/api/v1/topics', { name: 'Harbour' })
    const { page } = await stage.open(`/messages/${id}`, { as: ada })
    await page.waitForURL(/\/topics\//)
    await page.goto(`${stage.belfry.url}/messages/999999`)
    await page.getByText('There is no such conversation').waitFor()
  })

  for (const [colorScheme, phone] of [
    ['light', false],
    ['dark', true],
  ] as const)
    it(`has nothing that axe finds serious: ${colorScheme}, ${phone ? 'phone' : 'wide'}`, async () => {
      const body = { members: ['bob', 'cleo'], name: 'Crew' }
      const { id } = await stage.belfry.call<{ id: number }>(ada, 'POST', '/api/v1/conversations', body)
      const { page, problems } = await stage.open(`/messages/${id}`, { as: ada, colorScheme, phone })
      await page.getByRole('heading', { level: 1, name: 'Crew' }).waitFor()
      assert.deepEqual(await axe(page), [], 'a group')
      await page.getByRole('button', { name: 'About this group' }).click()
      await page.getByRole('button', { name: 'Leave this group' }).waitFor()
      assert.deepEqual(await axe(page), [], 'who is in it')
      await page.goto(`${stage.belfry.url}/messages`)
      await page.getByRole('button', { name: 'New message' }).first().click()
      await choose(page, 'bob')
      assert.deepEqual(await axe(page), [], 'a new one')
      assert.deepEqual(problems, [])
    })
})

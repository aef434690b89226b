import assert from 'node:assert/strict'
import { type Account, describeInBrowser } from '../testing/browser.ts'
import { axe } from '../testing/look.ts'

describeInBrowser('the page of people', (stage) => {
  let ada: Account
  let bob: Account
  before(async () => {
    ada = await stage.belfry.account('ada')
    bob = await stage.belfry.account('bob')
    await stage.belfry.call(bob, 'PATCH', '/api/v1/me', { first_name: 'Robert', last_name: 'Falcon' })
  })

  it('finds somebody to be friends with, who accepts; each then sees the status of the other, live', async () => {
    const { page: hers, problems } = await stage.open('/people', { as: ada })
    const { page: his, problems: hisProblems } = await stage.open('/people', { as: bob })
    await hers.getByRole('searchbox', { name: 'Find people' }).fill('robert fal')
    await hers.getByRole('link', { name: /bob Robert Falcon/ }).click()
    await hers.getByRole('button', { name: 'Add friend' }).click()
    await hers.getByRole('button', { name: 'Take request back' }).waitFor()

    await his.getByRole('button', { name: 'Accept ada' }).click()
    await his.getByRole('link', { name: 'ada' }).click()
    await his.getByRole('button', { name: 'Remove friend' }).waitFor()
    await hers.getByRole('button', { name: 'Remove friend' }).waitFor()
    await hers.getByRole('searchbox', { name: 'Find people' }).fill('')

    await his.getByRole('link', { name: /bob You/ }).click()
    await his.getByRole('textbox', { name: 'New status' }).fill('Fixing the winch')
    await his.keyboard.press('Enter')
    await his.getByText(/Ends (in 23 hours|tomorrow), at \d\d:\d\d/).waitFor()
    await hers.getByRole('link', { name: /bob Robert Falcon.*Fixing the winch/ }).waitFor()
    await hers.getByText(/Fixing the winch · ends/).waitFor()
    await his.getByRole('button', { name: 'Clear' }).click()
    await hers.getByText('Fixing the winch').first().waitFor({ state: 'detached' })

    await hers.getByRole('button', { name: 'Remove friend' }).click()
    await hers.getByRole('dialog', { name: 'Remove bob?' }).getByRole('button', { name: 'Remove' }).click()
    await hers.getByRole('button', { name: 'Add friend' }).waitFor()
    await his.getByText('No friends yet').waitFor()
    assert.deepEqual([...problems, ...hisProblems], [])
  })

  it('takes a request back, and declines one', async () => {
    const cleo = await stage.belfry.account('cleo')
    const { page: hers } = await stage.open('/people/cleo', { as: ada })
    const { page: his } = await stage.open('/people', { as: cleo })
    await hers.getByRole('button', { name: 'Add friend' }).click()
    await his.getByRole('button', { name: 'Decline ada' }).waitFor()
    await hers.getByRole('button', { name: 'Take request back' }).click()
    await his.getByRole('button', { name: 'Decline ada' }).waitFor({ state: 'detached' })
    await hers.getByRole('button', { name: 'Add friend' }).click()
    await his.getByRole('button', { name: 'Decline ada' }).click()
    await hers.getByRole('button', { name: 'Add friend' }).waitFor()
  })

  it('shows the status that somebody has set while the connection was away', async () => {
    const { page } = await stage.open('/people/bob', { as: ada })
    await page.getByRole('button', { name: 'Message' }).waitFor()
    await stage.belfry.kill()
    await page.getByText(/No connection to Belfry/).waitFor()
    await stage.belfry.start()
    await stage.belfry.call(bob, 'PUT', '/api/v1/me/status', { status: 'Back at noon' })
    // As when a network comes back: no more waiting.
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await page.getByText('Back at noon').waitFor()
  })

  it('leads from somebody to a conversation with them', async () => {
    const { page } = await stage.open('/people/BOB', { as: ada })
    await page.getByRole('button', { name: 'Message' }).click()
    await page.getByRole('heading', { level: 1, name: 'bob' }).waitFor()
    await page.waitForURL(/\/messages\/\d+$/)
  })

  it('links a profile elsewhere and unlinks it, and says what is wrong with an address', async () => {
    const { page, problems } = await stage.open('/people/ada', { as: ada })
    await page.getByRole('combobox', { name: 'Kind of profile' }).selectOption('Mastodon')
    await page.getByRole('textbox', { name: 'Address of the profile' }).fill('ann')
    await page.getByRole('button', { name: 'Link', exact: true }).click()
    await page.getByText('Must have the form user@host').waitFor()
    // What a test expects to be refused is in the console of the browser all the same.
    assert.equal(problems.splice(0).length, 1)
    await page.getByRole('textbox', { name: 'Address of the profile' }).fill('ann@mastodon.example')
    await page.getByRole('button', { name: 'Link', exact: true }).click()
    await page.getByText('ann@mastodon.example').waitFor()
    await page.getByRole('button', { name: 'Unlink ann@mastodon.example' }).click()
    await page.getByText('ann@mastodon.example').waitFor({ state: 'detached' })
    assert.deepEqual(problems, [])
  })

  for (const [colorScheme, phone] of [
    ['light', false],
    ['dark', true],
  ] as const)
    it(`has nothing that axe finds serious: ${colorScheme}, ${phone ? 'phone' : 'wide'}`, async () => {
      const { page, problems } = await stage.open('/people/ada', { as: ada, colorScheme, phone })
      await page.getByRole('heading', { name: 'Posts from elsewhere' }).waitFor()
      assert.deepEqual(await axe(page), [], "one's own page")
      await page.goto(`${stage.belfry.url}/people`)
      await page.getByRole('searchbox', { name: 'Find people' }).fill('bob')
      await page.getByRole('link', { name: /bob/ }).waitFor()
      assert.deepEqual(await axe(page), [], 'the list')
      await page.getByRole('link', { name: /bob/ }).click()
      await page.getByRole('button', { name: 'Message' }).waitFor()
      assert.deepEqual(await axe(page), [], 'somebody')
      assert.deepEqual(problems, [])
    })
})

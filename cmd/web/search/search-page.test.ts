import assert from 'node:assert/strict'
import type { Topic } from '../api/views.ts'
import { type Account, describeInBrowser } from '../testing/browser.ts'
import { axe } from '../testing/look.ts'

describeInBrowser('the page of search', (stage) => {
  let ada: Account
  let bob: Account
  let boats: Topic
  let weather: Topic
  const make = (name: string) => stage.belfry.call<Topic>(ada, 'POST', '/api/v1/topics', { name })
  const say = ({ id }: { id: number }, body: string) =>
    stage.belfry.call(ada, 'POST', `/api/v1/conversations/${id}/messages`, { body })
  before(async () => {
    ada = await stage.belfry.account('ada')
    bob = await stage.belfry.account('bob')
    boats = await make('Boats')
    weather = await make('Weather')
    await say(boats, 'The winch of boat 3 slips')
    for (let n = 1; n <= 120; n++) await say(boats, `Entry ${n} of the log`)
    await say(weather, 'No boat goes out tonight')
  })

  it('finds what was said as one types, marks it, and leads to where it was said', async () => {
    const { page, problems } = await stage.open('/search', { as: bob })
    await page.getByRole('searchbox', { name: 'Words' }).pressSequentially('boat')
    await page.getByText('2 messages').waitFor()
    assert.deepEqual(await page.getByRole('listitem').locator('mark').allTextContents(), ['boat', 'boat'])
    assert.match((await page.locator('ol > li').first().textContent()) ?? '', /ada.*Weather/s)
    await page.waitForURL(/\?q=boat$/)
    await page.getByRole('link', { name: /The winch of boat 3 slips/ }).click()
    await page.waitForURL(new RegExp(`/topics/${boats.id}\\?at=1$`))
    const found = page.getByRole('article').getByText('The winch of boat 3 slips')
    await found.waitFor()
    assert.ok(await found.isVisible())
    await page.goBack()
    await page.getByText('2 messages').waitFor()
    assert.equal(await page.getByRole('searchbox', { name: 'Words' }).inputValue(), 'boat')
    assert.deepEqual(problems, [])
  })

  it('looks in one conversation, and further back', async () => {
    const { page, problems } = await stage.open(`/topics/${boats.id}`, { as: bob })
    await page.getByRole('link', { name: 'Search in this topic' }).click()
    await page.getByRole('searchbox', { name: 'Words' }).fill('boat')
    await page.getByText('1 message', { exact: true }).waitFor()
    assert.equal(await page.getByRole('combobox', { name: 'Where' }).inputValue(), 'Boats')
    await page.getByRole('searchbox', { name: 'Words' }).fill('log')
    await page.getByText('30 messages so far').waitFor()
    await page.getByRole('button', { name: 'Look further back' }).click()
    await page.getByText('60 messages so far').waitFor()
    await page.getByRole('searchbox', { name: 'Words' }).fill('boat')
    await page.getByText('1 message', { exact: true }).waitFor()
    await page.getByRole('combobox', { name: 'Where' }).click()
    await page.getByRole('option', { name: 'Everywhere' }).click()
    await page.getByText('2 messages').waitFor()
    await page.getByRole('searchbox', { name: 'Words' }).fill('submarine')
    await page.getByText('No message has these words').waitFor()
    assert.deepEqual(problems, [])
  })

  it('finds what another has just said', async () => {
    const { page } = await stage.open('/search?q=periscope', { as: bob })
    await page.getByText('No message has these words').waitFor()
    await say(weather, 'Who has the periscope?')
    await page.getByRole('searchbox', { name: 'Words' }).fill('the periscope')
    await page.getByText('1 message', { exact: true }).waitFor()
  })

  it('is a key away, unless one is writing', async () => {
    const { page, problems } = await stage.open(`/topics/${weather.id}`, { as: ada })
    const field = page.getByRole('textbox', { name: 'Write a message' })
    await field.fill('either')
    await field.press('/')
    assert.equal(await field.inputValue(), 'either/')
    await field.fill('')
    await page.getByRole('article').last().focus()
    await page.keyboard.press('/')
    await page.waitForURL(/\/search$/)
    await page.getByRole('searchbox', { name: 'Words' }).waitFor()
    await page.keyboard.type('boat')
    await page.getByText('2 messages').waitFor()
    assert.deepEqual(problems, [])
  })

  for (const [colorScheme, phone] of [
    ['light', false],
    ['dark', true],
  ] as const)
    it(`has nothing that axe finds serious: ${colorScheme}, ${phone ? 'phone' : 'wide'}`, async () => {
      const { page, problems } = await stage.open('/search?q=boat', { as: ada, colorScheme, phone })
      await page.getByText('2 messages').waitFor()
      assert.deepEqual(await axe(page), [], 'what was found')
      await page.getByRole('combobox', { name: 'Where' }).click()
      await page.getByRole('option', { name: 'Everywhere' }).waitFor()
      assert.deepEqual(await axe(page), [], 'where to look')
      assert.deepEqual(problems, [])
    })
})

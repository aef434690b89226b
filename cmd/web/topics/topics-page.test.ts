import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Topic } from '../api/views.ts'
import { type Account, describeInBrowser } from '../testing/browser.ts'
import { axe } from '../testing/look.ts'

describeInBrowser('the page of topics', (stage) => {
  let ada: Account
  let bob: Account
  before(async () => {
    ada = await stage.belfry.account('ada')
    bob = await stage.belfry.account('bob')
  })

  const make = (fields: object) => stage.belfry.call<Topic>(ada, 'POST', '/api/v1/topics', fields)
  const say = (topic: Topic, body: string) =>
    stage.belfry.call(ada, 'POST', `/api/v1/conversations/${topic.id}/messages`, { body })
  const section = (page: Page, name: string) => page.getByRole('region', { name })

  it('makes a private topic; who is invited into it accepts, reads on live, and hears of being taken out', async () => {
    const [{ page: his, problems: hisProblems }, { page: hers, problems }] = await Promise.all([
      stage.open('/topics', { as: bob }),
      stage.open('/topics', { as: ada }),
    ])
    await hers.getByRole('button', { name: 'New topic' }).first().click()
    await hers.getByRole('button', { name: 'Make topic' }).click()
    await hers.getByText('A topic needs a name').waitFor()
    await hers.getByRole('textbox', { name: 'Name' }).fill('Night watch')
    await hers.getByRole('textbox', { name: 'What it is about' }).fill('From 22:00 on')
    await hers.getByRole('radio', { name: 'Private' }).check()
    await hers.getByRole('button', { name: 'Make topic' }).click()
    await hers.getByRole('heading', { level: 1, name: 'Night watch' }).waitFor()

    await hers.getByRole('button', { name: 'About this topic' }).click()
    await hers.getByRole('combobox', { name: 'Whom to invite' }).fill('bo')
    await hers.getByRole('option', { name: 'bob' }).click()
    await hers.getByRole('button', { name: 'Invite', exact: true }).click()
    await hers.getByText('bob is invited.').waitFor()

    await his.getByText('ada invites you').waitFor()
    await his.getByRole('button', { name: 'Accept: Night watch' }).click()
    await his.getByRole('heading', { level: 1, name: 'Night watch' }).waitFor()
    await his.getByRole('link', { name: /Night watch/ }).waitFor()
    assert.equal(await his.getByText('ada invites you').count(), 0)
    await hers.keyboard.press('Escape')
    await hers.getByRole('textbox', { name: 'Write a message' }).fill('All quiet')
    await hers.keyboard.press('Enter')
    await his.getByRole('article').getByText('All quiet').waitFor()

    await hers.getByRole('button', { name: 'About this topic' }).click()
    await hers.getByRole('button', { name: 'Take bob out' }).click()
    await hers
      .getByRole('dialog', { name: 'Take bob out of Night watch?' })
      .getByRole('button', { name: 'Take out' })
      .click()
    await his.getByText('You were taken out of this topic').waitFor()
    await his.getByRole('link', { name: /Night watch/ }).waitFor({ state: 'detached' })
    await hers.getByRole('button', { name: 'Take bob out' }).waitFor({ state: 'detached' })
    assert.deepEqual([...problems, ...hisProblems], [])
  })

  it('lists what is new in public, to look into, join, and lose without an error', async () => {
    const { page, problems } = await stage.open('/topics', { as: bob })
    await page.getByText('Choose a topic').waitFor()
    const topic = await make({ name: 'Harbour' })
    await say(topic, 'The crane is free')
    await section(page, 'Other public topics')
      .getByRole('link', { name: /Harbour/ })
      .click()
    await page.getByRole('article').getByText('The crane is free').waitFor()
    await page.getByRole('button', { name: 'Join' }).click()
    await section(page, 'Your topics')
      .getByRole('link', { name: /Harbour/ })
      .waitFor()
    await page.getByRole('button', { name: 'Join' }).waitFor({ state: 'detached' })

    await stage.belfry.call(ada, 'PATCH', `/api/v1/topics/${topic.id}`, { name: 'Harbour office' })
    await page.getByRole('heading', { level: 1, name: 'Harbour office' }).waitFor()
    await stage.belfry.call(ada, 'DELETE', `/api/v1/topics/${topic.id}`)
    await page.getByText('This topic was deleted').waitFor()
    assert.equal(await page.getByRole('link', { name: /Harbour/ }).count(), 0)
    assert.deepEqual(problems, [])
  })

  it('counts what is unread, and filters', async () => {
    const topics = [await make({ name: 'Engines' }), await make({ name: 'Weather' })]
    for (const { id } of topics) await stage.belfry.call(bob, 'PUT', `/api/v1/topics/${id}/members/me`)
    const { page } = await stage.open('/topics', { as: bob })
    await say(topics[0]!, 'Oil is low')
    await say(topics[0]!, 'Oil is very low')
    const row = page.getByRole('link', { name: /Engines.*ada: Oil is very low.*2 unread/ })
    await row.waitFor()
    await page.getByRole('searchbox', { name: 'Filter topics' }).fill('weath')
    await row.waitFor({ state: 'detached' })
    await page.getByRole('link', { name: /Weather/ }).waitFor()
    await page.keyboard.press('Escape')
    await row.click()
    await page.getByRole('link', { name: /unread/ }).waitFor({ state: 'detached' })
  })

  for (const [colorScheme, phone] of [
    ['light', false],
    ['dark', true],
  ] as const)
    it(`has nothing that axe finds serious: ${colorScheme}, ${phone ? 'phone' : 'wide'}`, async () => {
      const topic = await make({ name: 'Announcements', description: 'What everybody should know' })
      await say(topic, 'New rosters are up')
      const { page, problems } = await stage.open('/topics', { as: ada, colorScheme, phone })
      await page
        .getByRole('link', { name: /Announcements/ })
        .first()
        .waitFor()
      assert.deepEqual(await axe(page), [], 'the list')
      await page
        .getByRole('link', { name: /Announcements/ })
        .first()
        .click()
      await page.getByRole('article').getByText('New rosters are up').waitFor()
      assert.deepEqual(await axe(page), [], 'a topic')
      await page.getByRole('button', { name: 'About this topic' }).click()
      await page.getByRole('heading', { name: 'Members' }).waitFor()
      await page.getByRole('combobox', { name: 'Whom to invite' }).fill('b')
      await page.getByRole('option', { name: 'bob' }).waitFor()
      assert.deepEqual(await axe(page), [], 'what it is')
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      if (phone) await page.getByRole('link', { name: 'Back' }).click()
      await page.getByRole('button', { name: 'New topic' }).click()
      await page.getByRole('radio', { name: 'Private' }).waitFor()
      assert.deepEqual(await axe(page), [], 'a new one')
      assert.deepEqual(problems, [])
    })
})

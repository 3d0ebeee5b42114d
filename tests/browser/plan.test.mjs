// The reply of a supply plan: the manager points at the place, the network says what fits, the chosen point is named and promised.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, desk, fits, newPage, open, signIn } from './house.mjs'

let house
before(async () => {
  house = await open({ demo: true })
  for (let i = 0; i < 600; ++i) {
    if ((await (await fetch(`${house.url}/api/v1/open-capacity`)).json()).computed) return
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('no open capacity was worked out')
})
after(() => house?.close())

test('the place is pointed at, a point is chosen, and what it takes is no longer open', async () => {
  const page = await newPage(house, { ...desk, bypassCSP: true })
  await signIn(house, page, 'manager')
  const { rows } = await page.evaluate(async () => (await fetch('/api/v1/inbox?stage=plan_reply&limit=200')).json())
  let reply
  for (const { number } of rows) {
    await page.goto(`${house.url}/desk/case/${number}`)
    await page.locator('[data-state]').waitFor()
    reply = page.locator('[data-action="reply_plan"]')
    if (await reply.count()) break
  }
  await reply.click()
  const form = page.locator('[data-test="action-form"]')
  await form.getByRole('button', { name: '指出用电位置并计算' }).click()
  await form.getByRole('img', { name: /全市可开放容量地图/ }).waitFor()
  await form.locator('rect.cell').nth(80).click({ force: true })
  await form.getByText(/可行的接入点|附近的接入点都不可行|没有公共线路/).first().waitFor()
  // A small load fits somewhere.
  await form.getByRole('spinbutton', { name: '容量' }).fill('100')
  await form.getByRole('button', { name: '计算接入点' }).click()
  await form.getByText(/可行的接入点，共/).waitFor()
  const point = form.getByLabel('电源接入点')
  const best = await point.inputValue()
  assert.ok(best, 'the best point is named')
  const offers = form.locator('.tiles label').filter({ hasText: /公共线路|专线/ })
  assert.ok((await offers.count()) >= 1)
  await offers.last().click()
  const chosen = await point.inputValue()
  assert.ok((await offers.count()) === 1 || chosen !== best, 'what is named follows the choice')
  await fits(page, '90-plan')
  await accessible(page)
  const before = await (await fetch(`${house.url}/api/v1/open-capacity`)).json()
  await form.getByRole('button', { name: '答复供电方案' }).click()
  await page.getByText('已记录').waitFor()
  await page.getByText(chosen).first().waitFor()
  for (let i = 0; ; ++i) {
    const { approved } = await (await fetch(`${house.url}/api/v1/open-capacity`)).json()
    if (approved.cases === before.approved.cases + 1) break
    assert.ok(i < 600, 'it was never counted')
    await new Promise((done) => setTimeout(done, 100))
  }
  assert.deepEqual(page.wrong, [])
})

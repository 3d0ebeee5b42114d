// A customer complains on the phone, a manager who had no hand in the case answers, the customer says whether that settled it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { applied, axeSource, desk, fits, newPage, open, phone, signIn, track } from './house.mjs'

let house
let page
let number
before(async () => {
  house = await open()
  number = (await applied(house)).number
  page = await newPage(house, { ...phone, bypassCSP: true })
  await track(house, page, number)
})
after(() => house?.close())

const accessible = async () => {
  await page.addScriptTag({ path: axeSource })
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }))
  assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`), [])
}

test('the customer says what is wrong, and sees by when it is answered', async () => {
  await page.getByRole('button', { name: '我要投诉' }).click()
  await page.getByLabel('投诉什么').selectOption({ label: '办得太慢' })
  await page.getByLabel('怎么回事').fill('说好三天，还没有人来。')
  await fits(page, '66-complaint-form')
  await page.getByRole('button', { name: '提交投诉' }).click()
  await page.getByText('前答复').waitFor()
  assert.equal(await page.locator('li[data-state="open"]').count(), 1)
  await accessible()
})

test('a manager answers it', async () => {
  const manager = await newPage(house, desk)
  await signIn(house, manager, 'manager1')
  await manager.goto(`${house.url}/desk/requests`)
  await manager.getByText('说好三天，还没有人来。').waitFor()
  await manager.getByLabel('答复').fill('属实，明天上午上门。')
  await fits(manager, '67-complaint-desk')
  await manager.getByRole('button', { name: '属实', exact: true }).click()
  await manager.getByText('没有等待答复的申请').waitFor()
})

test('the customer reads the answer and says that it is settled', async () => {
  await page.reload()
  await page.getByText('属实，明天上午上门。').waitFor()
  await page.getByRole('button', { name: '解决了', exact: true }).click()
  await page.getByText('您说：解决了。').waitFor()
  await fits(page, '68-complaint-settled')
})

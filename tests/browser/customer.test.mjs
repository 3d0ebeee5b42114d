// What a customer does beside applying: asks first; on a phone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { applied, fits, newPage, open, phone, track } from './house.mjs'

let house
let page
before(async () => {
  house = await open()
  page = await newPage(house, phone)
})
after(() => house?.close())

test('before applying: the answer with its clauses, and what would make it better', async () => {
  await page.goto(`${house.url}/check`)
  await page.getByText('企业或单位').click()
  await page.getByLabel('要用多大功率').fill('200')
  await page.getByText('需要', { exact: true }).click()
  await fits(page, '20-check')
  await page.getByRole('button', { name: '看结果' }).click()
  const answer = page.locator('[data-test="answer"]')
  await answer.waitFor()
  assert.ok((await answer.locator('.clause').count()) >= 3)
  assert.match(await answer.locator('.better').innerText(), /容量不超过 \d+ 千瓦[\s\S]*接电不花钱/)
  await fits(page, '21-check-answer')
  // What it says is so: the figure that it names is decided as it says.
  const [, kw] = /容量不超过 (\d+) 千瓦/.exec(await answer.locator('.better').innerText())
  await page.getByLabel('要用多大功率').fill(kw)
  await page.getByRole('button', { name: '看结果' }).click()
  await answer.waitFor()
  assert.match(await answer.innerText(), /接电不花钱/)
})

test('the answers go on into the application', async () => {
  await page.getByRole('button', { name: '用这些答案去申请' }).click()
  await page.waitForURL('**/apply')
  assert.ok(await page.getByLabel('企业或单位').isChecked())
})

let receipt
test('the receipt’s code leads to the case', async () => {
  receipt = await applied(house)
  const svg = await (await fetch(`${house.url}/api/v1/cases/${receipt.number}/qr.svg`)).text()
  assert.match(svg, /^<svg[^>]*viewBox="0 0 \d+ \d+"/)
  await track(house, page, receipt.number)
})

test('nothing went wrong, and nothing was fetched from outside', () => assert.deepEqual(page.wrong, []))

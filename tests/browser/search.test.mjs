// The desk finds a case by its number and its person by name, address and phone; a customer finds their own cases by phone.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, applied, desk, fits, newPage, open, phone, signIn } from './house.mjs'

let house
let page
const numbers = {}
before(async () => {
  house = await open({ codes: true })
  for (const [name, number, address] of [
    ['欧阳秋水', '13800000011', '南大街 18 号 3 单元'],
    ['欧文商贸有限公司', '13800000022', '观海路 7 号'],
    ['秋水茶舍', '13800000033', '南山路 18 号'],
  ])
    numbers[name] = (await applied(house, { name, phone: number, address })).number
  page = await newPage(house, { ...desk, bypassCSP: true })
  await signIn(house, page)
  await page.locator('tbody tr').nth(2).waitFor()
})
after(() => house?.close())

/** Types it and gives the numbers of the rows once there are as many as there should be: who applied a second ago is still being indexed. */
async function found(query, many) {
  for (let i = 0; i < 40; ++i) {
    await page.locator('.search input').fill('')
    const asked = page.waitForResponse((each) => new URL(each.url()).searchParams.get('q') === query)
    await page.locator('.search input').fill(query)
    const answer = await asked
    if ((await answer.json()).rows.length === many) break
    await page.waitForTimeout(100)
  }
  if (many) await page.locator('tbody tr').nth(many - 1).waitFor()
  else await page.locator('.empty').waitFor()
  return (await page.locator('tbody tr th a').allInnerTexts()).map((text) => text.trim()).sort()
}

test('by number or its end, by a part of the name, by the address, by the end of the phone', async () => {
  const all = (...names) => names.map((name) => numbers[name]).sort()
  const rows = [
    [numbers['欧阳秋水'], all('欧阳秋水')],
    [numbers['欧阳秋水'].toLowerCase().slice(0, -2), all('欧阳秋水')],
    [numbers['秋水茶舍'].slice(-4), all('秋水茶舍')],
    ['秋水', all('欧阳秋水', '秋水茶舍')],
    ['欧阳', all('欧阳秋水')],
    ['南大街 18', all('欧阳秋水')],
    ['观海路', all('欧文商贸有限公司')],
    ['13800000022', all('欧文商贸有限公司')],
    ['0033', all('秋水茶舍')],
    ['无此人氏', []],
  ]
  for (const [query, expected] of rows) assert.deepEqual(await found(query, expected.length), expected, query)
})

test('what was found is masked, and leads to the case', async () => {
  await found('秋水', 2)
  const table = await page.locator('tbody').innerText()
  assert.ok(!table.includes('秋水') && !table.includes('138000000'), table)
  await accessible(page)
  await fits(page, '80-desk-search')
  await found('0011', 1)
  await page.locator('tbody tr th a').click()
  await page.waitForURL(`**/desk/case/${numbers['欧阳秋水']}`)
  await page.locator('[data-state]').waitFor()
})

test('nothing found says so, on a phone too', async () => {
  await page.setViewportSize(phone)
  await page.goto(`${house.url}/desk`)
  await page.locator('tbody tr').nth(2).waitFor()
  await found('无此人氏', 0)
  await accessible(page)
  await fits(page, '81-desk-search-none-phone')
  assert.deepEqual(page.wrong, [])
})

test('the customer sees on their own page who found them', async () => {
  const customer = await newPage(house, { ...phone, bypassCSP: true })
  await customer.goto(`${house.url}/my`)
  await customer.locator('form').waitFor()
  await accessible(customer)
  await fits(customer, '82-my-phone')
  await customer.getByLabel('手机号').fill('138 0000 0011')
  await customer.getByRole('button', { name: '获取验证码' }).click()
  await customer.getByText('验证码').first().waitFor()
  await customer.getByLabel('验证码').fill('000000')
  await customer.locator('form').getByRole('button').first().click()
  await customer.locator('[role="alert"]').waitFor()
  await accessible(customer)
  await fits(customer, '83-my-wrong-code')
  await customer.getByLabel('验证码').fill(await house.codeFor('13800000011'))
  await customer.locator('form').getByRole('button').first().click()
  await customer.getByText(numbers['欧阳秋水']).waitFor()
  assert.equal(await customer.locator('.cases li').count(), 1)
  await accessible(customer)
  await fits(customer, '84-my-cases')
  await customer.getByText(numbers['欧阳秋水']).click()
  await customer.locator('[data-state]').waitFor()
  await customer.getByText('王受理').first().waitFor()
  await accessible(customer)
  // Back on their page without a new code; signed out, the page asks for the phone again.
  await customer.goto(`${house.url}/my`)
  await customer.getByText(numbers['欧阳秋水']).waitFor()
  await customer.getByRole('button', { name: '退出', exact: true }).click()
  await customer.getByLabel('手机号').waitFor()
  assert.deepEqual(customer.wrong, [])
})

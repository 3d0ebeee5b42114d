// A clerk who goes on leave: their cases in the inbox, and all of them covered by another at once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { applied, accessible, desk, fits, newPage, open, signIn } from './house.mjs'

let house
let page
const numbers = []
before(async () => {
  house = await open({ also: [{ user: 'anna', name: '安娜', roles: ['clerk', 'manager'] }, { user: 'bert', name: '伯特', roles: ['clerk'] }] })
  for (const [i, name] of ['王小明', '李小红'].entries()) numbers.push((await applied(house, { name, phone: `1380000000${i + 1}` })).number)
  page = await newPage(house, { ...desk, bypassCSP: true })
  await signIn(house, page, 'anna')
})
after(() => house?.close())

test('nothing yet, and the page says where roles come from', async () => {
  await page.getByRole('link', { name: '移交与代班' }).click()
  await page.getByText('名下没有未办结案件的角色').waitFor()
  await fits(page, '62-team-empty')
})

test('a role in a case makes it one of mine', async () => {
  for (const number of numbers) {
    await page.goto(`${house.url}/desk/case/${number}`)
    await page.getByRole('button', { name: '指派或移交角色' }).click()
    await page.getByText('客户经理', { exact: true }).click()
    await page.getByText('指派', { exact: true }).click()
    await page.getByLabel('工作人员用户名').fill('anna')
    await page.locator('form').getByRole('button', { name: '指派或移交角色' }).click()
    await page.getByText('客户经理：安娜').waitFor()
  }
  await page.goto(`${house.url}/desk`)
  await page.getByLabel('只看我的').check()
  await page.getByText('2 件').first().waitFor()
  await fits(page, '63-inbox-mine')
})

test('covered until a day by another, who then has them too', async () => {
  await page.goto(`${house.url}/desk/team`)
  await page.getByText('安娜：2 个角色').waitFor()
  await page.getByLabel('接手人').fill('bert')
  await page.getByLabel('原因').selectOption({ label: '请假代班' })
  await page.getByLabel('代班至').fill(new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10))
  await page.getByRole('button', { name: '移交 2 个角色' }).click()
  await page.getByText('伯特').first().waitFor()
  await page.getByRole('cell', { name: '客户经理' }).first().waitFor()
  assert.equal(await page.locator('li[data-status="done"]').count(), 2)
  await fits(page, '64-team-covered')
  await accessible(page)

  const other = await newPage(house, desk)
  await signIn(house, other, 'bert')
  await other.getByLabel('只看我的').check()
  await other.getByText('2 件').first().waitFor()
})

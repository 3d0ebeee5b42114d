// Administrators: one asks for an account, another grants it; one's own request nobody grants oneself.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, desk, fits, newPage, open, signIn } from './house.mjs'

let house
let first
let second
before(async () => {
  house = await open({ also: [{ user: 'admin1', name: '管理员甲', roles: ['admin'] }, { user: 'admin2', name: '管理员乙', roles: ['admin'] }] })
  first = await newPage(house, { ...desk, bypassCSP: true })
  second = await newPage(house, desk)
  await signIn(house, first, 'admin1')
  await signIn(house, second, 'admin2')
})
after(() => house?.close())

const row = (page, user) => page.locator('tbody tr').filter({ hasText: user })

test('one asks for an account; it cannot sign in yet', async () => {
  await first.goto(`${house.url}/account`)
  await first.getByRole('link', { name: '工作人员账号' }).click()
  await row(first, 'clerk1').waitFor()
  await first.getByRole('button', { name: '新账号' }).click()
  await first.getByLabel('用户名').fill('zhou.jie')
  await first.getByLabel('姓名').fill('周洁')
  await first.getByLabel('芝罘区').check()
  await fits(first, '60-accounts-new')
  await first.getByRole('button', { name: '提交申请' }).click()
  await first.getByText('由另一位管理员答复').waitFor()
  assert.match(await row(first, 'zhou.jie').innerText(), /周洁[\s\S]*已停用/)
  await accessible(first)
  await first.getByRole('link', { name: '待答复' }).click()
  await first.getByText('周洁').first().waitFor()
  assert.equal(await first.getByRole('button', { name: '同意', exact: true }).count(), 0)
})

test('another grants it, and it can', async () => {
  await second.goto(`${house.url}/desk/requests`)
  await second.getByRole('button', { name: '同意', exact: true }).click()
  await second.getByText('周洁').first().waitFor({ state: 'detached' })
  await second.goto(`${house.url}/desk/accounts`)
  // Carried out within a second of its being granted.
  for (let i = 0; i < 50 && !/可登录/.test(await row(second, 'zhou.jie').innerText()); ++i) {
    await second.waitForTimeout(200)
    await second.reload()
    await row(second, 'zhou.jie').waitFor()
  }
  const text = await row(second, 'zhou.jie').innerText()
  assert.match(text, /芝罘区[\s\S]*可登录/)
  await fits(second, '61-accounts')
})

test('to disable one needs nobody else', async () => {
  await row(second, 'zhou.jie').getByRole('button', { name: '停用' }).click()
  await second.getByText('一秒内停用').waitFor()
})

test('a year of working days: one proposes the file, another compares and confirms it, the city counts by it', async () => {
  await first.goto(`${house.url}/account`)
  await first.getByRole('link', { name: '工作日历' }).click()
  await first.getByText('还没有在页面上提请过日历').waitFor()
  await accessible(first)
  const choose = (name, rows) => first.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(rows) })
  await choose('2027.csv', 'date,name,kind\n2027-01-01,元旦,maybe\n')
  await first.getByRole('alert').waitFor()
  assert.match(await first.getByRole('alert').innerText(), /2027\.csv:2/)
  await choose('2027.csv', 'date,name,kind\n2027-01-01,元旦,off\n')
  await first.getByText('等待另一名管理员确认').waitFor()
  await first.getByText('载入到 2027年12月31日').waitFor()
  await fits(first, '62-calendar-proposed')
  await accessible(first)
  await second.goto(`${house.url}/desk/requests`)
  await second.getByText('逐行核对').click()
  await second.getByText('2027-01-01,元旦,off').waitFor()
  await fits(second, '63-calendar-request')
  await second.getByRole('button', { name: '同意', exact: true }).click()
  await second.getByText('没有等待答复的申请').waitFor()
  await first.setViewportSize({ width: 390, height: 800 })
  for (let i = 0; i < 50; ++i) {
    await first.reload()
    await first.getByText('管理员乙').waitFor()
    if (await first.getByText(/至 2027年12月31日/).count()) break
    assert.ok(i < 49, 'it was never taken')
    await first.waitForTimeout(200)
  }
  await fits(first, '64-calendar-confirmed')
  await accessible(first)
})

test('nothing went wrong', () => assert.deepEqual([...first.wrong, ...second.wrong], []))

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

test('nothing went wrong', () => assert.deepEqual([...first.wrong, ...second.wrong], []))

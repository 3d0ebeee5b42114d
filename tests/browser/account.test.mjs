// One's own account: a forgotten password set anew by a code, the password changed, the second factor, where one is signed in.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, test } from 'node:test'
import { accessible, desk, fits, newPage, open, phone, signIn } from './house.mjs'

let house
let page
let code
const chosen = '四个不相干的词 铁锅 晚霞 邮票 河马'
const later = '又是四个词 风筝 砚台 芦苇 山楂'
before(async () => {
  house = await open({ also: [{ user: 'admin1', name: '管理员甲', roles: ['admin'] }, { user: 'admin2', name: '管理员乙', roles: ['admin'] }] })
})
after(() => house?.close())

async function enter(at, user, password) {
  await at.goto(`${house.url}/login`)
  await at.getByLabel('用户名').fill(user)
  await at.getByLabel('密码').fill(password)
  await at.getByRole('button', { name: '登录' }).click()
}

/** The code that an authenticator shows, so many steps of 30 seconds from now. */
function totp(secret, steps = 0) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const mac = createHmac('sha1', key).update(counter).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

test('who forgot the password asks an administrator; another grants it and gets the code', async () => {
  const first = await newPage(house, desk)
  await signIn(house, first, 'admin1')
  await first.goto(`${house.url}/desk/accounts`)
  await first.locator('tbody tr').filter({ hasText: 'clerk1' }).getByRole('button', { name: '重设密码' }).click()
  await first.getByText('由另一位管理员答复').waitFor()
  const second = await newPage(house, { ...desk, bypassCSP: true })
  await signIn(house, second, 'admin2')
  await second.goto(`${house.url}/desk/requests`)
  await second.getByRole('button', { name: '同意', exact: true }).click()
  code = await second.locator('[role="status"] code').innerText()
  assert.match(code, /\S{6,}/)
  await accessible(second)
  await fits(second, '85-reset-code')
})

test('with the code a new password is set, on the phone: not a common one, and once', async () => {
  page = await newPage(house, { ...phone, bypassCSP: true })
  await page.goto(`${house.url}/login`)
  await page.getByRole('link', { name: '忘记密码？用管理员给的重置码设置新的' }).click()
  await page.waitForURL('**/reset')
  await page.locator('form').waitFor()
  await accessible(page)
  const save = page.getByRole('button', { name: '保存新密码' })
  assert.ok(await save.isDisabled())
  await page.getByLabel('用户名').fill('clerk1')
  await page.getByLabel('重置码').fill(code)
  await page.getByLabel('新密码').fill('password123')
  await save.click()
  await page.locator('[role="alert"]').waitFor()
  await accessible(page)
  await fits(page, '86-reset-common')
  await page.getByLabel('新密码').fill(chosen)
  await page.getByLabel('重置码').fill('WRONG-CODE-HERE')
  await save.click()
  await page.waitForFunction(() => /码/.test(document.querySelector('[role="alert"]')?.innerText ?? ''))
  await page.getByLabel('重置码').fill(code)
  await save.click()
  await page.getByText('新密码已生效').waitFor()
  await fits(page, '87-reset-done')
  await page.getByRole('link', { name: '去登录' }).click()
  await page.waitForURL('**/login')
  const again = await newPage(house, phone)
  await again.goto(`${house.url}/reset`)
  await again.getByLabel('用户名').fill('clerk1')
  await again.getByLabel('重置码').fill(code)
  await again.getByLabel('新密码').fill(later)
  await again.getByRole('button', { name: '保存新密码' }).click()
  await again.locator('[role="alert"]').waitFor()
})

test('the old password opens nothing any more, the new one does', async () => {
  await enter(page, 'clerk1', house.clerk.password)
  await page.locator('[role="alert"]').waitFor()
  await enter(page, 'clerk1', chosen)
  await page.waitForURL('**/desk')
})

test('the account on a phone: who one is, and where one is signed in; elsewhere is ended', async () => {
  const elsewhere = await newPage(house, desk)
  await enter(elsewhere, 'clerk1', chosen)
  await elsewhere.waitForURL('**/desk')
  await page.goto(`${house.url}/account`)
  await page.getByRole('heading', { name: '王受理' }).waitFor()
  await accessible(page)
  await fits(page, '88-account-phone')
  const sessions = page.getByRole('region', { name: '已登录的地方' }).locator('li')
  assert.equal(await sessions.count(), 2)
  await sessions.getByRole('button', { name: '退出', exact: true }).click()
  await page.waitForFunction(() => document.querySelectorAll('.sessions li').length === 1)
  await elsewhere.goto(`${house.url}/desk`)
  await elsewhere.waitForURL('**/login**')
})

test('the password is changed with the present one', async () => {
  const form = page.getByRole('region', { name: '修改密码' })
  await form.getByLabel('现在的密码').fill('not that one at all')
  await form.getByLabel('新密码').fill(later)
  await form.getByRole('button', { name: '保存新密码' }).click()
  await form.locator('[role="alert"]').waitFor() // where it was asked for, not out of sight at the page's head
  await accessible(page)
  await form.getByLabel('现在的密码').fill(chosen)
  await form.getByRole('button', { name: '保存新密码' }).click()
  await page.getByText('密码已修改').waitFor()
  assert.equal(await form.getByLabel('新密码').inputValue(), '')
})

test('a second factor: scanned, confirmed, recovery codes shown once; the next sign-in asks for it', async () => {
  const factor = page.getByRole('region', { name: '两步验证' })
  await factor.getByLabel('现在的密码').fill(later)
  await factor.getByRole('button', { name: '开始设置' }).click()
  await factor.locator('svg, canvas, img').first().waitFor()
  await accessible(page)
  await fits(page, '89-account-factor')
  const secret = (await factor.locator('code.secret').innerText()).replace(/\s/g, '')
  await factor.getByRole('textbox').fill(totp(secret, -1))
  await factor.getByRole('button', { name: '确认' }).click()
  await factor.getByText('恢复码').first().waitFor()
  const codes = await factor.locator('.codes code').allInnerTexts()
  assert.ok(codes.length >= 8, `${codes.length} codes`)
  await accessible(page)
  await fits(page, '90-account-recovery')
  await factor.getByRole('button', { name: '我已抄下' }).click()
  await factor.getByText(`恢复码还剩 ${codes.length} 个`).waitFor()

  const next = await newPage(house, { ...phone, bypassCSP: true })
  await enter(next, 'clerk1', later)
  await next.locator('input[autocomplete="one-time-code"]').waitFor()
  await accessible(next)
  await fits(next, '91-login-factor')
  await next.locator('input[autocomplete="one-time-code"]').fill(codes[0])
  await next.getByRole('button', { name: '登录' }).click()
  await next.waitForURL('**/desk')
  await next.goto(`${house.url}/account`)
  await next.getByText(`恢复码还剩 ${codes.length - 1} 个`).waitFor()
  assert.deepEqual([...page.wrong, ...next.wrong], [])
})

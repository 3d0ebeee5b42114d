// When things go wrong: nothing typed is lost, and what is refused is a sentence with what to do next.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { applied, desk, fits, newPage, open, phone, signIn, track } from './house.mjs'

let house
before(async () => {
  house = await open()
})
after(() => house?.close())

/** Fills the first screen of an application. */
async function who(page, { name = '王小明', number = '13800000001', address = '示例路 1 号' } = {}) {
  await page.goto(`${house.url}/apply`)
  for (const label of ['区（市）', '镇（街道）']) {
    const select = page.getByLabel(label)
    await select.locator('option:not([disabled])').first().waitFor({ state: 'attached' })
    await select.selectOption(await select.locator('option:not([disabled])').first().getAttribute('value'))
  }
  await page.getByLabel('用电地址').fill(address)
  await page.getByLabel('申请人姓名').fill(name)
  await page.getByLabel('手机号').fill(number)
}
async function what(page) {
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel('要用多大功率').fill('8')
}
async function submitted(page) {
  await page.getByRole('button', { name: '看结果' }).click()
  await page.getByRole('button', { name: '提交申请' }).click()
  return (await page.locator('[data-test="case-number"]').innerText()).trim()
}

test('offline in the middle of the form: it says so, keeps everything, and goes on', async () => {
  const page = await newPage(house, phone)
  await who(page)
  await what(page)
  await page.context().setOffline(true)
  await page.getByRole('button', { name: '看结果' }).click()
  await page.getByText('连不上服务器').waitFor()
  await fits(page, '40-offline')
  await page.getByRole('button', { name: '改一改' }).click()
  assert.equal(await page.getByLabel('要用多大功率').inputValue(), '8')
  await page.context().setOffline(false)
  const number = await submitted(page)
  assert.match(number, /^TD/)
  await page.context().close()
})

test('a session that ends meanwhile: what was typed stands there again afterwards', async () => {
  const { number } = await applied(house)
  const page = await newPage(house, phone)
  await track(house, page, number)
  await page.locator('[data-action="withdraw"]').click()
  await page.locator('[data-test="action-form"] input[type="radio"]').last().check()
  await page.context().clearCookies()
  await page.locator('[data-test="action-form"] button[type="submit"]').click()
  await page.getByRole('link', { name: /重新打开/ }).click()
  await page.getByLabel('申请时填的手机号').fill('13800000001')
  await page.getByRole('button', { name: '查看' }).click()
  await page.waitForURL(`**/case/${number}`)
  assert.ok(await page.locator('[data-test="action-form"] input[type="radio"]').last().isChecked())
  await fits(page, '41-session-ended')
  await page.context().close()
})

test('a megabyte in a name field is refused in a sentence', async () => {
  const page = await newPage(house, phone)
  await who(page)
  await page.getByLabel('申请人姓名').evaluate((input) => {
    input.removeAttribute('maxlength')
    input.value = '长'.repeat(350_000)
    input.dispatchEvent(new Event('input'))
  })
  await what(page)
  await page.getByRole('button', { name: '看结果' }).click()
  await page.getByRole('button', { name: '提交申请' }).click()
  const alert = page.getByRole('alert').first()
  await alert.waitFor()
  assert.match(await alert.innerText(), /过大|过长|连不上/)
  await page.context().close()
})

test('two tabs are one application: what one has submitted the other does not submit again', async () => {
  const page = await newPage(house, phone)
  await who(page, { number: '13800000007' })
  await what(page)
  const second = await page.context().newPage()
  await second.goto(`${house.url}/apply?screen=2`)
  assert.equal(await second.getByLabel('要用多大功率').inputValue(), '8')
  await second.getByLabel('要用多大功率').fill('9')
  await page.bringToFront() // a tab behind another draws nothing
  await page.waitForFunction(() => [...document.querySelectorAll('input')].some((input) => input.value === '9'))
  const number = await submitted(page)
  await second.locator('[data-test="case-number"]').waitFor()
  assert.equal((await second.locator('[data-test="case-number"]').innerText()).trim(), number)
  await page.context().close()
})

test('Back from the receipt does not submit again', async () => {
  const page = await newPage(house, phone)
  const sent = []
  page.on('request', (request) => request.method() === 'POST' && request.url().endsWith('/api/v1/cases') && sent.push(request))
  await who(page)
  await what(page)
  const number = await submitted(page)
  await page.goBack()
  await page.goForward()
  assert.equal((await page.locator('[data-test="case-number"]').innerText()).trim(), number)
  assert.equal(sent.length, 1)
  await page.context().close()
})

test('a phone that is shared opens each case by its own number, and no other', async () => {
  const mine = await applied(house, { phone: '13800000009' })
  const theirs = await applied(house, { phone: '13800000009', name: '李', address: '示例路 2 号' })
  const page = await newPage(house, phone)
  await track(house, page, mine.number, '13800000009')
  await page.goto(`${house.url}/case/${theirs.number}`)
  await page.locator('[role="alert"], form').first().waitFor()
  assert.equal(await page.locator('[data-state]').count(), 0)
  await track(house, page, theirs.number, '13800000009')
  await page.context().close()
})

test('an emoji in an address goes all the way', async () => {
  const page = await newPage(house, phone)
  await who(page, { address: '示例路 8 号 🏠 二楼' })
  await what(page)
  const number = await submitted(page)
  const atDesk = await newPage(house, desk)
  await signIn(house, atDesk)
  await atDesk.goto(`${house.url}/desk/case/${number}`)
  await atDesk.getByText('示例路 8 号 🏠 二楼').waitFor()
  assert.deepEqual(page.wrong, [])
  await page.context().close()
  await atDesk.context().close()
})

test('without server-sent events the desk looks by itself now and then', async () => {
  const { number } = await applied(house)
  const page = await newPage(house, desk)
  await page.addInitScript(() => delete window.EventSource)
  await page.clock.install()
  await signIn(house, page)
  await page.goto(`${house.url}/desk/case/${number}`)
  await page.locator('[data-state="running"]').waitFor()
  const customer = await newPage(house, phone)
  await track(house, customer, number)
  await customer.locator('[data-action="withdraw"]').click()
  await customer.locator('[data-test="action-form"] input[type="radio"]').first().check().catch(() => customer.locator('[data-test="action-form"] select').selectOption({ index: 1 }))
  await customer.locator('[data-test="action-form"] button[type="submit"]').click()
  await customer.locator('[data-state="withdrawn"]').waitFor()
  await page.clock.runFor(40_000)
  await page.locator('[data-state="withdrawn"]').waitFor()
  await page.context().close()
  await customer.context().close()
})

// An application for power in a real browser, from the first word to the light: apply on a phone, accept and reply at the desk,
// works of the customer's own, energise, rate, verify.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { desk, newPage, open, phone } from './house.mjs'

const customer = { name: '烟台示例制造有限公司', phone: '13800000001' }
let house
let atPhone
let atDesk
let number

before(async () => {
  house = await open()
  atPhone = await newPage(house, phone)
  atDesk = await newPage(house, desk)
})
after(() => house?.close())

/** No page is wider than the phone. */
async function fits(page, name) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  assert.ok(over <= 0, `${name} is ${over} px wider than the screen`)
  await page.picture(name)
}

const state = (page, wanted) => page.locator(`[data-state="${wanted}"]`).waitFor()

/** The list's second entry: the first says "choose". */
async function chooseFirst(select) {
  const value = await select.locator('option:not([disabled])').first().getAttribute('value')
  await select.selectOption(value)
}

test('the home page has both hotlines and leads to the form', async () => {
  await atPhone.goto(house.url)
  assert.deepEqual(await atPhone.locator('footer a[href^="tel:"]').evaluateAll((links) => links.map((link) => link.getAttribute('href'))), ['tel:95598', 'tel:12398'])
  await fits(atPhone, '01-home')
  await atPhone.getByRole('link', { name: '开始申请' }).click()
  await atPhone.waitForURL('**/apply')
})

test('an empty screen says what is missing, at each field', async () => {
  await atPhone.getByRole('button', { name: '下一步' }).click()
  assert.equal(await atPhone.locator('[aria-invalid="true"]').count(), 5)
  await fits(atPhone, '02-apply-missing')
})

test('who and where, how much; a reload loses nothing', async () => {
  await atPhone.getByText('企业或单位').click()
  await chooseFirst(atPhone.getByLabel('区（市）'))
  await chooseFirst(atPhone.getByLabel('镇（街道）'))
  await atPhone.getByLabel('用电地址').fill('示例路 8 号示例工业园')
  await atPhone.getByLabel('单位名称').fill(customer.name)
  await atPhone.getByLabel('手机号').fill(customer.phone)
  await atPhone.reload()
  assert.equal(await atPhone.getByLabel('单位名称').inputValue(), customer.name)
  await fits(atPhone, '03-apply-who')
  await atPhone.getByRole('button', { name: '下一步' }).click()

  await atPhone.getByLabel('要用多大功率').fill('630')
  await atPhone.getByText('10 千伏', { exact: true }).click()
  await atPhone.getByText('需要', { exact: true }).click()
  await atPhone.getByText('自己找施工单位建').click()
  await fits(atPhone, '04-apply-what')
})

test('the browser’s Back goes to the screen before, and forward again loses nothing', async () => {
  await atPhone.goBack()
  await atPhone.getByRole('heading', { name: '谁用、在哪' }).waitFor()
  assert.equal(await atPhone.getByLabel('单位名称').inputValue(), customer.name)
  await atPhone.getByLabel('手机号').fill('1234')
  await atPhone.getByRole('button', { name: '下一步' }).click()
  await atPhone.getByText('请填能联系到您的电话号码').waitFor()
  await atPhone.getByLabel('手机号').fill(customer.phone)
  await atPhone.goForward()
  await atPhone.getByRole('heading', { name: '用多少' }).waitFor()
  assert.equal(await atPhone.getByLabel('要用多大功率').inputValue(), '630')
})

test('the answer comes at once, and every clause can be read', async () => {
  await atPhone.getByRole('button', { name: '看结果' }).click()
  const clauses = atPhone.locator('main .clause')
  await clauses.first().waitFor()
  assert.ok((await clauses.count()) >= 4)
  assert.match(await atPhone.locator('main').innerText(), /最晚 .*月.*日.* 通电/)
  assert.match(await atPhone.locator('main').innerText(), /不含您自己设计、施工/)
  await fits(atPhone, '05-answer')
  await clauses.first().click()
  const sheet = atPhone.getByRole('dialog')
  await sheet.waitFor()
  assert.ok((await sheet.locator('.text').innerText()).length > 10)
  await atPhone.picture('06-clause', false)
  await atPhone.keyboard.press('Escape')
  await sheet.waitFor({ state: 'hidden' })
})

test('two taps submit one application', async () => {
  const submissions = []
  atPhone.on('response', (response) => {
    if (response.url().endsWith('/api/v1/cases') && response.request().method() === 'POST') submissions.push(response.status())
  })
  await atPhone.getByRole('button', { name: '提交申请' }).dblclick()
  const shown = atPhone.locator('[data-test="case-number"]')
  await shown.waitFor()
  number = (await shown.innerText()).trim()
  assert.match(number, /^[A-Z0-9-]{6,}$/)
  assert.deepEqual(submissions, [201])
  await fits(atPhone, '07-receipt')
})

async function follow() {
  await atPhone.goto(`${house.url}/track?number=${number}`)
  await atPhone.getByLabel('申请时填的手机号').fill(customer.phone)
  await atPhone.getByRole('button', { name: '查看' }).click()
  await atPhone.waitForURL(`**/case/${number}`)
}

test('number and phone open the case, and only together', async () => {
  await atPhone.goto(`${house.url}/track?number=${number}`)
  await atPhone.getByLabel('申请时填的手机号').fill('13900000009')
  await atPhone.getByRole('button', { name: '查看' }).click()
  await atPhone.getByRole('alert').waitFor()
  await follow()
  await state(atPhone, 'running')
  await fits(atPhone, '08-case')
})

test('staff sign in, and a stranger does not', async () => {
  await atDesk.goto(`${house.url}/desk`)
  await atDesk.waitForURL('**/login?**')
  await atDesk.getByLabel('用户名').fill(house.clerk.user)
  await atDesk.getByLabel('密码').fill('not the password')
  await atDesk.getByRole('button', { name: '登录' }).click()
  await atDesk.getByRole('alert').waitFor()
  await atDesk.getByLabel('密码').fill(house.clerk.password)
  await atDesk.getByRole('button', { name: '登录' }).click()
  await atDesk.waitForURL('**/desk')
  await atDesk.getByRole('link', { name: number }).waitFor()
  await atDesk.picture('09-desk')
})

/** Opens an action, fills what it asks for and sends it; the case's sequence moves on. */
async function act(page, action, fill = async () => {}) {
  const answered = page.waitForResponse((response) => response.url().includes(`/actions/${action}`))
  await page.locator(`[data-action="${action}"]`).click()
  const form = page.locator('[data-test="action-form"]')
  if (await form.isVisible().catch(() => false)) {
    await fill(form)
    await form.locator('button[type="submit"]').click()
  }
  const answer = await answered
  assert.equal(answer.status(), 200, await answer.text())
}

test('accepted and planned at the desk, handed over for the customer’s own works', async () => {
  await atDesk.getByRole('link', { name: number }).click()
  await state(atDesk, 'running')
  await atDesk.picture('10-desk-case')
  await act(atDesk, 'accept')
  await act(atDesk, 'reply_plan', async (form) => {
    await form.getByLabel('电源接入点').fill('10 千伏示例线 12 号杆')
    await form.locator('input[type="radio"]').last().check()
  })
  await state(atDesk, 'with_customer')
  await atDesk.picture('11-desk-with-customer')
})

test('the customer sees whose turn it is, and gives the case back when ready', async () => {
  await follow()
  await state(atPhone, 'with_customer')
  await fits(atPhone, '12-case-with-customer')
  await act(atPhone, 'take_back', async (form) => {
    for (const box of await form.locator('input[type="checkbox"]').all()) await box.check()
  })
  await state(atPhone, 'running')
})

test('someone who acts on what is no longer so is told, and sees the case as it is', async () => {
  // A desk without live updates still shows the case as the customer held it; one with them hears by itself.
  const watching = await newPage(house, desk)
  await watching.context().addCookies(await atDesk.context().cookies())
  await watching.goto(`${house.url}/desk/case/${number}`)
  await state(watching, 'running')
  await atDesk.route('**/events', (route) => route.abort())
  await atDesk.addInitScript(() => (window.setInterval = () => 0)) // nor does it look by itself now and then
  await atDesk.reload()
  await state(atDesk, 'running')
  const other = await newPage(house, desk)
  await other.context().addCookies(await atDesk.context().cookies())
  await other.goto(`${house.url}/desk/case/${number}`)
  await state(other, 'running')
  await act(other, 'energise', (form) => form.getByLabel('电能表').fill('M-0001'))
  await state(other, 'energised')
  await other.picture('13-desk-energised')
  await other.context().close()
  await state(watching, 'energised')
  await watching.context().close()

  await atDesk.locator('[data-action="energise"]').click()
  await atDesk.locator('[data-test="action-form"]').getByLabel('电能表').fill('M-0002')
  await atDesk.locator('[data-test="action-form"] button[type="submit"]').click()
  await state(atDesk, 'energised')
  await atDesk.getByText('刚才别人先办了一步').waitFor()
})

test('the light is on, and the customer rates', async () => {
  await atPhone.reload()
  await state(atPhone, 'energised')
  await act(atPhone, 'rate', async (form) => {
    await form.locator('label').nth(4).click()
  })
  await atPhone.getByText('您的评价：5 分').waitFor()
  await fits(atPhone, '14-case-energised')
})

test('the customer takes a copy of their data, then has them erased; every page says so', async () => {
  const copy = await atPhone.request.get(await atPhone.locator('[data-copy]').evaluate((link) => link.href))
  assert.equal((await copy.json()).person.name, customer.name)
  await atPhone.locator('[data-action="erase_person"]').click()
  await atPhone.getByText('删除后谁也无法恢复').waitFor()
  await fits(atPhone, '15-case-erase')
  await atPhone.locator('[data-test="action-form"]').getByText('个人撤回同意').click()
  await atPhone.locator('[data-test="action-form"] button[type="submit"]').click()
  await atPhone.locator('[data-erased]').waitFor()
  const words = await atPhone.locator('main').innerText()
  assert.match(words, /已删除/)
  assert.doesNotMatch(words, /烟台示例制造/)
  await fits(atPhone, '16-case-erased')

  await atDesk.reload()
  await atDesk.locator('[data-erased]').waitFor()
  assert.doesNotMatch(await atDesk.locator('main').innerText(), new RegExp(`${customer.name}|${customer.phone}`))
  await atDesk.picture('17-desk-erased')
  await atDesk.goto(`${house.url}/desk`)
  await atDesk.locator('.el-segmented').getByText('已办结').click()
  await atDesk.getByRole('row').filter({ hasText: number }).getByText('已删除').waitFor()
  await atDesk.picture('18-desk-inbox-erased')
})

test('number and phone open the case no more', async () => {
  const answer = await atPhone.request.post(`${house.url}/api/v1/track`, { data: { number, phone: customer.phone } })
  assert.equal(answer.status(), 404)
})

test('anyone verifies the record in their own browser', async () => {
  await atPhone.goto(`${house.url}/verify/${number}`)
  const result = atPhone.locator('[data-outcome]')
  await result.waitFor()
  assert.equal(await result.getAttribute('data-outcome'), 'genuine')
  await fits(atPhone, '19-verify')
})

test('an altered record does not pass', async () => {
  await atPhone.route('**/proof', async (route) => {
    const response = await route.fetch()
    const proof = await response.json()
    proof.events[0].event = proof.events[0].event.replace('"channel":"online"', '"channel":"counter"')
    await route.fulfill({ response, json: proof })
  })
  await atPhone.reload()
  const result = atPhone.locator('[data-outcome]')
  await result.waitFor()
  assert.equal(await result.getAttribute('data-outcome'), 'forged')
  await atPhone.unroute('**/proof')
})

test('the policy text is there to read and to search', async () => {
  await atPhone.goto(`${house.url}/rules`)
  await atPhone.getByLabel('按条款号或文字查找').fill('省钱')
  await atPhone.locator('main ol > li').first().waitFor()
  await fits(atPhone, '16-rules')
})

test('a page whose script is gone is fetched once more, then says so, with both hotlines', async () => {
  const page = await newPage(house, phone)
  await page.route('**/assets/RulesPage-*.js', (route) => route.fulfill({ status: 404, body: '' }))
  await page.goto(house.url)
  let loads = 0
  page.on('domcontentloaded', () => loads++)
  await page.locator('footer a[href="/rules"]').click()
  await page.waitForEvent('domcontentloaded')
  await page.getByRole('heading', { name: '这一页没有载入' }).waitFor()
  await page.waitForTimeout(1000)
  assert.equal(loads, 1)
  assert.deepEqual(await page.locator('main a[href^="tel:"]').allInnerTexts(), ['95598', '12398'])
  await page.unroute('**/assets/RulesPage-*.js')
  await page.getByRole('button', { name: '再试一次' }).click()
  await page.getByLabel('按条款号或文字查找').waitFor()
  await page.context().close()
})

test('without script the first page names the hotlines', async () => {
  const page = await newPage(house, { ...phone, javaScriptEnabled: false })
  await page.goto(house.url)
  const text = await page.locator('#app').innerText()
  for (const word of ['tongdian', '95598', '12398']) assert.ok(text.includes(word), word)
  await page.context().close()
})

test('nothing went wrong in any page, and nothing was fetched from outside', () => {
  assert.deepEqual(atPhone.wrong, [])
  assert.deepEqual(atDesk.wrong, [])
})

// Every page for every reader: rules of accessibility, large type, English, the dark, and both hotlines; on the demo's city.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, desk, fits, newPage, open, phone } from './house.mjs'

let house
before(async () => {
  house = await open({ demo: true })
})
after(() => house?.close())

async function check(page, name) {
  await page.locator('main h1').first().waitFor()
  assert.deepEqual(await page.locator('footer a[href^="tel:"]').evaluateAll((links) => links.map((link) => link.textContent.trim().slice(0, 5))), ['95598', '12398'], name)
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  assert.ok(over <= 0, `${name} is ${over} px wider than the screen`)
  await page.picture(name)
  await accessible(page)
}

const readers = {
  zh: {},
  en: { language: 'en' },
  large: { large: true },
  dark: { dark: true },
}

for (const [reader, { language = 'zh', large = false, dark = false }] of Object.entries(readers))
  test(`public pages, ${reader}`, async () => {
    // The test's own script is injected; the pages' policy on contents stays for everything else.
    const page = await newPage(house, { ...phone, colorScheme: dark ? 'dark' : 'light', bypassCSP: true })
    await page.addInitScript(
      ([code, big]) => {
        localStorage.setItem('tongdian.language', code)
        localStorage.setItem('tongdian.large', big ? 'yes' : 'no')
      },
      [language, large],
    )
    for (const path of ['/', '/check', '/apply', '/track', '/verify', '/rules', '/durations', '/help', '/login', '/no/such/page']) {
      await page.goto(house.url + path)
      await check(page, `reading-${reader}-${path.slice(1).replaceAll('/', '-') || 'home'}`)
    }
    assert.deepEqual(page.wrong, [])
    await page.context().close()
  })

for (const [reader, { language = 'zh', large = false, dark = false }] of Object.entries(readers))
  test(`every component in its states, ${reader}`, async () => {
    const page = await newPage(house, { ...phone, colorScheme: dark ? 'dark' : 'light', bypassCSP: true })
    await page.addInitScript(
      ([code, big]) => {
        localStorage.setItem('tongdian.language', code)
        localStorage.setItem('tongdian.large', big ? 'yes' : 'no')
      },
      [language, large],
    )
    await page.goto(`${house.url}/gallery/all`)
    await page.locator('[data-test="WireTrack"]').last().waitFor()
    await page.locator('[data-test]').nth(60).waitFor({ state: 'attached' })
    await page.waitForLoadState('networkidle')
    await check(page, `gallery-${reader}`)
    // A component that asks for what only staff may see leaves the reader where they are.
    assert.equal(new URL(page.url()).pathname, '/gallery/all')
    await page.context().close()
  })

const withoutScript = {
  help: ['怎么申请用电', 'How to apply'],
  rules: ['优化用电营商环境', 'The rules'],
  durations: ['实际要多久', 'How long it takes'],
}
for (const [path, words] of Object.entries(withoutScript))
  test(`/${path} is there without script, in the reader’s language, on the phone and at the desk`, async () => {
    for (const [size, { width, height }] of Object.entries({ phone, desk }))
      for (const [locale, word] of [['zh-CN', words[0]], ['en-GB', words[1]]]) {
        const page = await newPage(house, { width, height, javaScriptEnabled: false, locale })
        await page.goto(`${house.url}/${path}`)
        const text = await page.locator('main').innerText()
        for (const each of [word, '95598', '12398']) assert.ok(text.includes(each), `in ${locale}: ${each}`)
        assert.equal(await page.locator('main h1').count(), 1)
        await fits(page, `plain-${size}-${locale}-${path}`)
        await page.context().close()
      }
    // What a reader without script is given is read by axe in a page that runs it, the house's own scripts left out.
    for (const locale of ['zh-CN', 'en-GB']) {
      const page = await newPage(house, { ...phone, bypassCSP: true, locale })
      await page.route('**/assets/*.js', (route) => route.abort())
      await page.goto(`${house.url}/${path}`)
      assert.equal(await page.locator('main h1').count(), 1)
      await accessible(page)
      await page.context().close()
    }
  })

test('the demo says so, and its clock runs', async () => {
  const page = await newPage(house, phone)
  await page.goto(house.url)
  const banner = page.locator('aside')
  await banner.getByText('演示数据，均为虚构').waitFor()
  assert.match(await banner.innerText(), /2021\/11\/15 /)
  const before = await banner.innerText()
  await page.waitForFunction((text) => document.querySelector('aside').innerText !== text, before)
  await page.context().close()
})

test('the desk of a city, at the desk and on a phone', async () => {
  const page = await newPage(house, { ...desk, bypassCSP: true })
  await page.goto(`${house.url}/login`)
  await page.getByLabel('用户名').fill(house.clerk.user)
  await page.getByLabel('密码').fill(house.clerk.password)
  await page.getByRole('button', { name: '登录' }).click()
  await page.waitForURL('**/desk')
  await page.locator('tbody tr').first().waitFor()
  await check(page, 'reading-desk')
  for (const filter of ['超期', '等客户', '已办结', '全部']) {
    await page.locator('.el-segmented').getByText(filter, { exact: true }).click()
    await page.locator('tbody tr, .empty').first().waitFor()
  }
  await page.locator('tbody tr th a').first().click()
  await page.locator('[data-state]').waitFor()
  await check(page, 'reading-desk-case')
  await page.goto(`${house.url}/desk/new`)
  await check(page, 'reading-desk-new')
  await page.setViewportSize(phone)
  await page.goto(`${house.url}/desk`)
  await page.locator('tbody tr').first().waitFor()
  await check(page, 'reading-desk-phone')
  assert.deepEqual(page.wrong, [])
  await page.context().close()
})

test('supervision: findings, orders, reports and another pack, at the desk and on a phone', async () => {
  const page = await newPage(house, { ...desk, bypassCSP: true })
  await page.goto(`${house.url}/login`)
  await page.getByLabel('用户名').fill('supervisor')
  await page.getByLabel('密码').fill(house.clerk.password)
  await page.getByRole('button', { name: '登录' }).click()
  await page.waitForURL('**/desk')
  await page.getByRole('link', { name: '监督' }).click()
  await page.locator('article').first().waitFor()
  await check(page, 'reading-findings')
  // An auditor dismisses one, with a reason; it goes from the open ones to the dismissed.
  await page.locator('article').first().getByRole('button', { name: '下结论' }).click()
  await page.getByLabel('理由').fill('现场核对，时间无误')
  await page.getByRole('button', { name: '排除' }).last().click()
  await page.getByRole('group', { name: '结论' }).getByRole('button', { name: '排除' }).click()
  await page.getByText('现场核对，时间无误').waitFor()
  for (const [path, ready] of [
    ['orders', 'table'],
    ['reports', 'table'],
    ['what-if', 'select'],
  ]) {
    await page.goto(`${house.url}/desk/${path}`)
    await page.locator(`main ${ready}`).first().waitFor()
    await check(page, `reading-${path}`)
  }
  await page.getByLabel('换成哪个政策包').selectOption('ten-days')
  await page.getByText('7 个工作日').waitFor()
  await check(page, 'reading-what-if-answer')
  // Another system's log: handed in, read, its report in a tab of its own.
  await page.goto(`${house.url}/desk/logs`)
  await page.getByText('还没有日志').waitFor()
  await check(page, 'reading-logs-empty')
  const rows = Array.from({ length: 4000 }, (_, i) => `${i % 900},${['受理', '勘查', '送电'][i % 3]},2021-06-${String(1 + (i % 28)).padStart(2, '0')} 08:00:00`)
  await page.locator('input[type=file]').setInputFiles({ name: '报装.csv', mimeType: 'text/csv', buffer: Buffer.from(['工单号,环节,时间', ...rows].join('\n')) })
  await page.getByText('900 个办件，4000 个事件').waitFor()
  await check(page, 'reading-logs')
  const [report] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: '打开报告' }).click()])
  await report.getByText('报装.csv').first().waitFor()
  await report.close()
  await page.getByRole('button', { name: '删除' }).click()
  await page.getByText('还没有日志').waitFor()
  await page.setViewportSize(phone)
  for (const [path, ready] of [['findings', 'h2'], ['orders', 'h2'], ['reports', 'h2'], ['logs', '.drop']]) {
    await page.goto(`${house.url}/desk/${path}`)
    await page.locator(`main ${ready}`).first().waitFor()
    await check(page, `reading-${path}-phone`)
  }
  assert.deepEqual(page.wrong, [])
  await page.context().close()
})

// Every page for every reader: rules of accessibility, large type, English, the dark, and both hotlines; on the demo's city.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { axeSource, desk, newPage, open, phone } from './house.mjs'

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
  await page.addScriptTag({ path: axeSource })
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }))
  const violations = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)
  assert.deepEqual(violations, [], name)
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
    for (const path of ['/', '/apply', '/track', '/verify', '/rules', '/login', '/no/such/page']) {
      await page.goto(house.url + path)
      await check(page, `reading-${reader}-${path.slice(1).replaceAll('/', '-') || 'home'}`)
    }
    assert.deepEqual(page.wrong, [])
    await page.context().close()
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

// What can be connected where: the map, a place pointed at, the published list; and the planner who pulls a load out of a node.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { accessible, desk, fits, newPage, open, phone, signIn } from './house.mjs'

let house
before(async () => {
  house = await open({ demo: true })
  for (let i = 0; i < 600; ++i) {
    const { editions } = await (await fetch(`${house.url}/api/v1/capacity-editions`)).json()
    if (editions.length) return
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('no list of open capacity was published')
})
after(() => house?.close())

test('on the phone: the map, a place pointed at, what can be connected there and why not more', async () => {
  const page = await newPage(house, { ...phone, bypassCSP: true })
  await page.goto(`${house.url}/capacity`)
  const map = page.getByRole('img', { name: /全市可开放容量地图/ })
  await map.waitFor()
  assert.ok((await page.locator('rect.cell').count()) > 100)
  await fits(page, '75-capacity')
  await accessible(page)
  await page.locator('rect.cell').nth(60).click()
  await page.locator('.places li').first().waitFor()
  assert.equal(await page.getByText(/公里外/).count(), 0, 'a square has a place in it')
  assert.match(await page.locator('.places li').first().innerText(), /千瓦[\s\S]*限制因素/)
  await page.getByRole('button', { name: '放大到附近' }).click()
  await page.getByRole('button', { name: '看全市' }).waitFor()
  await fits(page, '76-capacity-place')
  await accessible(page)
  await page.getByRole('spinbutton', { name: '纬度' }).fill('36.5')
  await page.getByRole('button', { name: '查询' }).click()
  await page.getByText(/公里外/).waitFor()
  assert.deepEqual(page.wrong, [])
})

test('the published list is the file that its digest says', async () => {
  const page = await newPage(house, { ...desk, bypassCSP: true })
  await page.goto(`${house.url}/capacity`)
  const link = page.getByRole('link', { name: /\.csv$/ }).first()
  await link.waitFor()
  const bytes = Buffer.from(await (await fetch(house.url + (await link.getAttribute('href')))).arrayBuffer())
  assert.equal(createHash('sha256').update(bytes).digest('hex'), (await link.getAttribute('href')).split('/').pop())
  assert.ok(bytes.toString().split('\n').length > 1000)
  await fits(page, '77-capacity-desk')
  await accessible(page)
  assert.deepEqual(page.wrong, [])
})

test('the planner pulls a load out of a node, and the picture is computed anew', async () => {
  const page = await newPage(house, { ...desk, bypassCSP: true })
  await signIn(house, page, 'manager')
  await page.goto(`${house.url}/desk/feeder`)
  const dots = page.locator('circle.dot')
  await dots.first().waitFor()
  const dot = dots.nth(5)
  await dot.scrollIntoViewIfNeeded()
  const at = await dot.boundingBox()
  const [x, y] = [at.x + at.width / 2, at.y + at.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x, y - 200, { steps: 4 })
  await page.mouse.up()
  await page.getByText(/增加负荷：2000 千瓦/).waitFor()
  await page.getByRole('status').filter({ hasText: '最低电压' }).waitFor()
  await fits(page, '78-feeder')
  await accessible(page)
  await dot.focus()
  await page.keyboard.press('ArrowUp')
  await page.getByText(/增加负荷：2050 千瓦/).waitFor()
  // A weak spot leads to its place in its feeder.
  const weak = page.locator('[data-test="weak"]')
  for (let i = 0; i < 100 && !(await weak.locator('button').count()); ++i) {
    await page.waitForTimeout(200)
    await page.reload()
    await weak.waitFor()
  }
  await weak.getByText('频繁故障').first().waitFor()
  await weak.locator('button').first().click()
  await page.getByRole('status').filter({ hasText: '最低电压' }).waitFor()
  await page.locator('circle.dot.picked').waitFor()
  await page.getByRole('button', { name: '地图' }).click()
  const places = await dots.evaluateAll((all) => new Set(all.map((each) => each.getAttribute('cx'))).size)
  assert.ok(places > 50, `${places} places on the map`)
  await dots.nth(5).waitFor()
  await fits(page, '79-feeder-map')
  await accessible(page)
  assert.deepEqual(page.wrong, [])
})

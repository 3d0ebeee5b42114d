// A case that the grid cannot take yet: a clerk proposes it for the whitelist, a manager confirms, the customer sees what is built, the register
// marks what is to be done, and the connection goes on when the works are finished.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, applied, desk, fits, newPage, open, phone, signIn, track } from './house.mjs'

let house
let clerk
let manager
let number
const dayAfter = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
before(async () => {
  house = await open()
  number = (await applied(house, { firm: true })).number
  clerk = await newPage(house, { ...desk, bypassCSP: true })
  await signIn(house, clerk)
  manager = await newPage(house, desk)
  await signIn(house, manager, 'manager1')
})
after(() => house?.close())

/** Opens an action's form by its button, fills it, and sends it by the form's own. */
async function act(page, name, fill = async () => {}) {
  await page.goto(`${house.url}/desk/case/${number}`)
  await page.getByRole('button', { name }).click()
  await fill(page)
  const send = page.locator('form').getByRole('button', { name })
  if (await send.count()) await send.click()
}

test('an empty register', async () => {
  await clerk.goto(`${house.url}/desk`)
  await clerk.getByRole('link', { name: '白名单登记册' }).click()
  await clerk.getByText('没有符合条件的登记').waitFor()
  await fits(clerk, '80-whitelist-empty')
})

test('proposed by a clerk, the stage runs on', async () => {
  await act(clerk, '提请列入白名单', async (page) => {
    await page.getByText('接入容量超出可开放范围的小微企业用电项目').click()
    await page.getByLabel('工程完工后的电源接入点').fill('示例线 12 号杆')
    await page.getByText('过载', { exact: true }).click()
    await page.getByText('线路或变压器增容', { exact: true }).click()
    await page.getByLabel('配套电网工程内容').fill('示例线 3 号杆至 12 号杆换线')
    await page.getByLabel('预计完工日期').fill(dayAfter(20))
    await page.getByLabel('负责人的用户名').fill(house.clerk.user)
    await fits(page, '81-whitelist-proposing')
  })
  await clerk.locator('[data-whitelist="proposed"]').waitFor()
  await clerk.getByText('示例线 3 号杆至 12 号杆换线').first().waitFor()
  assert.equal(await clerk.getByRole('button', { name: '确认列入白名单' }).count(), 0, 'another one confirms')
})

test('confirmed by a manager: no stage runs', async () => {
  await act(manager, '确认列入白名单')
  await manager.locator('[data-whitelist="under_way"]').waitFor()
  await manager.locator('[data-state="awaiting_works"]').waitFor()
  await manager.getByRole('heading', { name: '配套电网工程建设中' }).waitFor()
  await fits(manager, '82-whitelist-under-way')
})

test('the customer sees what is built, by when, and the clause', async () => {
  const customer = await newPage(house, { ...phone, bypassCSP: true })
  await track(house, customer, number)
  const box = customer.locator('[data-whitelist="under_way"]')
  await box.getByText('示例线 3 号杆至 12 号杆换线').waitFor()
  await box.getByText('三(三)1').first().waitFor()
  await fits(customer, '83-whitelist-customer')
  await accessible(customer)
  assert.deepEqual(customer.wrong, [])
})

test('the register has it, by area and state', async () => {
  await clerk.goto(`${house.url}/desk/whitelist`)
  await clerk.getByRole('link', { name: number }).waitFor()
  await clerk.getByText('1 件，其中工程逾期 0 件').waitFor()
  await fits(clerk, '84-whitelist-register')
  await accessible(clerk)
  await clerk.getByLabel('状态').selectOption({ label: '逾期' })
  await clerk.getByText('没有符合条件的登记').waitFor()
  await clerk.getByLabel('状态').selectOption({ label: '建设中' })
  await clerk.getByRole('link', { name: number }).waitFor()
})

test('done: the next stage runs from here', async () => {
  await act(clerk, '配套电网工程完工', async (page) => {
    await page.locator('form').getByText('示例线 3 号杆至 12 号杆换线').click()
  })
  await clerk.locator('[data-whitelist="completed"]').waitFor()
  await clerk.locator('[data-state="running"]').waitFor()
  await clerk.getByRole('heading', { name: '正在办：验收送电' }).waitFor()
  await fits(clerk, '85-whitelist-done')
  assert.deepEqual([...clerk.wrong, ...manager.wrong], [])
})

// The desk's tools: filters by name, keys, acceptance in bulk, files to take away, the receipt on paper.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { applied, desk, newPage, open, signIn } from './house.mjs'

let house
let page
const numbers = []
before(async () => {
  house = await open()
  for (const [i, name] of ['赵一示例', '钱二示例', '孙三示例', '李四商店'].entries())
    numbers.push((await applied(house, { name, phone: `1380000000${i}`, address: `示例路 ${i + 1} 号` })).number)
  page = await newPage(house, desk)
  await signIn(house, page)
  await page.locator('tbody tr').nth(3).waitFor()
})
after(() => house?.close())

test('a filter is kept by name, and a digit applies it', async () => {
  await page.locator('.el-segmented').getByText('等客户', { exact: true }).click()
  await page.getByRole('button', { name: '存下这个筛选' }).click()
  await page.getByLabel('起个名字').fill('等着的')
  await page.getByLabel('起个名字').press('Enter')
  await page.locator('.el-segmented').getByText('在办', { exact: true }).click()
  await page.locator('tbody tr').nth(3).waitFor()
  await page.reload()
  await page.locator('tbody tr').nth(3).waitFor()
  await page.locator('h1').click()
  await page.keyboard.press('1')
  await page.locator('.empty').waitFor()
  await page.picture('31-desk-filter')
  await page.locator('.el-segmented').getByText('在办', { exact: true }).click()
  await page.locator('tbody tr').nth(3).waitFor()
})

test('keys move, select and open; ? shows them', async () => {
  await page.locator('h1').click()
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  await page.picture('32-desk-keys', false)
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  assert.equal(await page.locator('tbody tr.current').count(), 1)
  await page.keyboard.press('x')
  assert.equal(await page.locator('tbody input:checked').count(), 1)
  await page.keyboard.press('x')
  await page.keyboard.press('/')
  await page.keyboard.type('jjj')
  assert.equal(await page.locator('.search input').inputValue(), 'jjj')
  await page.locator('.search input').fill('')
  await page.locator('tbody tr').nth(3).waitFor()
})

test('three are accepted at once, each with its own answer', async () => {
  // One of them is accepted by somebody else meanwhile: its row says so, the others go on.
  for (const number of numbers.slice(0, 3)) await page.getByLabel(`选中 ${number}`).check()
  const other = await newPage(house, desk)
  await other.context().addCookies(await page.context().cookies())
  await other.goto(`${house.url}/desk/case/${numbers[0]}`)
  await other.locator('[data-action="accept"]').click()
  await other.locator('[data-test="action-form"] button[type="submit"]').click()
  await other.getByText('已记录').waitFor()
  await other.context().close()
  await page.getByRole('button', { name: '受理选中的 3 件' }).click()
  await page.locator('[data-status="done"]').nth(1).waitFor()
  await page.locator('[data-status="not_offered"], [data-status="refused"]').first().waitFor()
  await page.picture('33-desk-bulk')
})

test('the inbox is taken away as CSV and as a workbook', async () => {
  for (const [name, starts] of [['CSV', '\ufeff编号'], ['Excel', 'PK']]) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()])
    const text = readFileSync(await download.path(), 'utf8')
    assert.ok(text.startsWith(starts), `${name} begins with ${JSON.stringify(text.slice(0, 8))}`)
    assert.ok(!text.includes('李四商店'), 'names are masked')
  }
})

test('the utility opens a case from a lead, and the customer need not apply', async () => {
  await page.goto(`${house.url}/desk`)
  await page.getByRole('link', { name: '主动立件' }).click()
  await page.getByText('由供电企业主动立件').waitFor()
  // What is missing is said, field by field; when it arrived is filled in already.
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByText('项目代码').waitFor()
  assert.ok((await page.locator('[aria-invalid="true"]').count()) >= 5)
  await page.getByLabel('项目代码').fill('2111-370602-04-01-000001')
  await page.getByLabel('区（市）').selectOption({ index: 1 })
  await page.getByLabel('镇（街道）').selectOption({ index: 1 })
  await page.getByLabel('用电地址').fill('示例路 8 号示例工业园')
  await page.getByLabel('单位名称').fill('烟台示例制造有限公司')
  await page.getByLabel('手机号').fill('13800000021')
  await page.picture('36-desk-lead')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByLabel('要用多大功率').fill('100')
  await page.getByRole('button', { name: '看结果' }).click()
  await page.getByRole('button', { name: '立件' }).click()
  await page.waitForURL('**/desk/case/*')
  await page.locator('[data-state]').waitFor()
  await page.picture('37-desk-lead-case')
})

test('the receipt is printed on one sheet', async () => {
  await page.goto(`${house.url}/desk/case/${numbers[3]}`)
  await page.locator('[data-state]').waitFor()
  await page.emulateMedia({ media: 'print' })
  assert.ok(await page.locator('.sheet.print-only').isVisible())
  assert.ok(!(await page.locator('.desk').isVisible()))
  await page.picture('34-receipt-print')
})

test('nothing went wrong', () => assert.deepEqual(page.wrong, []))

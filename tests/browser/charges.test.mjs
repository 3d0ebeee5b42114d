// A charge noted by one account manager, confirmed by another in the list of charges, or dropped with a reason; the customer sees it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, applied, desk, fits, newPage, open, phone, signIn, track } from './house.mjs'

let house
let number
let first
let second
before(async () => {
  house = await open({ also: [{ user: 'manager2', name: '赵经理', roles: ['manager'] }] })
  number = (await applied(house)).number
  first = await newPage(house, { ...desk, bypassCSP: true })
  second = await newPage(house, { ...desk, bypassCSP: true })
  await signIn(house, first, 'manager1')
  await signIn(house, second, 'manager2')
})
after(() => house?.close())

const list = (page) => page.getByRole('region', { name: '收费', exact: true })

test('noted: whoever noted it is told that another confirms it', async () => {
  await first.goto(`${house.url}/desk/case/${number}`)
  await first.locator('[data-state]').first().waitFor()
  assert.equal(await list(first).count(), 0)
  for (const [item, fen] of [['METER-BOX', '8000'], ['CABLE', '120050']]) {
    await first.locator('[data-action="record_charge"]').click()
    await first.getByLabel('收费项目编号').fill(item)
    await first.getByLabel('金额').fill(fen)
    await first.locator('[data-test="action-form"] button[type="submit"]').click()
    await list(first).getByText(item).waitFor()
  }
  await list(first).getByText('80.00 元').waitFor()
  await list(first).getByText('1200.50 元').waitFor()
  await list(first).getByText('您登记的，须由另一位客户经理复核').first().waitFor()
  assert.equal(await list(first).getByRole('button', { name: '复核通过' }).count(), 0)
  assert.equal(await first.locator('[data-action="confirm_charge"], [data-action="drop_charge"]').count(), 0, 'they are in the list alone')
  await accessible(first)
  await fits(first, '92-charges-noted')
})

test('another confirms one and drops the other, and says why', async () => {
  await second.goto(`${house.url}/desk/case/${number}`)
  await list(second).locator('[data-charge="1"]').getByRole('button', { name: '复核通过' }).click()
  await list(second).locator('[data-charge="1"][data-stand="confirmed"]').waitFor()
  const cable = list(second).locator('[data-charge="2"]')
  await cable.getByRole('button', { name: '撤销', exact: true }).click()
  assert.ok(await cable.getByRole('button', { name: '确认撤销' }).isDisabled())
  await cable.getByLabel('为什么撤销').fill('不在目录内，已退')
  await accessible(second)
  await fits(second, '93-charges-drop')
  await cable.getByRole('button', { name: '确认撤销' }).click()
  await list(second).locator('[data-charge="2"][data-stand="dropped"]').waitFor()
  await list(second).getByText('不在目录内，已退').waitFor()
  assert.equal(await list(second).getByRole('button').count(), 0)
})

test('the customer sees what was charged, and what no catalogue has', async () => {
  const page = await newPage(house, { ...phone, bypassCSP: true })
  await track(house, page, number)
  await list(page).getByText('METER-BOX').waitFor()
  assert.match(await list(page).innerText(), /已复核[\s\S]*收费目录里没有这一项[\s\S]*已撤销/)
  assert.equal(await list(page).getByRole('button').count(), 0)
  await accessible(page)
  await list(page).scrollIntoViewIfNeeded()
  await fits(page, '94-charges-customer')
  assert.deepEqual([...first.wrong, ...second.wrong, ...page.wrong], [])
})

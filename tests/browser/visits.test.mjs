// An account manager offers an hour, the customer books it on the phone and cancels it, the calendar shows both.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { applied, accessible, desk, fits, newPage, open, phone, signIn, track } from './house.mjs'

let house
let manager
let customer
let number
before(async () => {
  house = await open()
  number = (await applied(house)).number
  manager = await newPage(house, { ...desk, bypassCSP: true })
  await signIn(house, manager, 'manager1')
  customer = await newPage(house, { ...phone, bypassCSP: true })
})
after(() => house?.close())

test('an hour is offered by a touch', async () => {
  await manager.getByRole('link', { name: '上门日历' }).click()
  await manager.locator('td button').first().waitFor()
  await manager.getByRole('button', { name: '后一周' }).click()
  const cell = manager.locator('tbody tr').nth(2).locator('td').nth(1).getByRole('button')
  await manager.waitForTimeout(300)
  await cell.click()
  await manager.getByRole('button', { pressed: true }).waitFor()
  await fits(manager, '70-visits-offered')
  await accessible(manager)
})

test('the customer books it, and the calendar leads to the case', async () => {
  await track(house, customer, number)
  await customer.getByRole('region', { name: '预约上门' }).getByRole('button', { name: /11:00/ }).click()
  await customer.getByText(/11:00–12:00，李经理/).waitFor()
  await fits(customer, '71-visit-booked')
  await accessible(customer)
  await manager.reload()
  await manager.getByRole('button', { name: '后一周' }).click()
  await manager.getByRole('link', { name: number }).waitFor()
  await fits(manager, '72-visits-booked')
})

test('cancelled, it is free again', async () => {
  await customer.getByRole('button', { name: '取消预约' }).click()
  await customer.getByRole('button', { name: /11:00/ }).waitFor()
})

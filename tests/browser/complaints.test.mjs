// A customer complains on the phone, a manager who had no hand in the case answers, the customer says whether that settled it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { applied, accessible, desk, fits, newPage, open, phone, signIn, track } from './house.mjs'

let house
let page
let number
before(async () => {
  house = await open({ codes: true, also: [{ user: 'supervisor1', name: '赵监管', roles: ['supervisor'] }] })
  number = (await applied(house)).number
  page = await newPage(house, { ...phone, bypassCSP: true })
  await track(house, page, number)
})
after(() => house?.close())

test('the customer says what is wrong, and sees by when it is answered', async () => {
  await page.getByRole('button', { name: '我要投诉' }).click()
  await page.getByLabel('投诉什么').selectOption({ label: '办得太慢' })
  await page.getByLabel('怎么回事').fill('说好三天，还没有人来。')
  await fits(page, '66-complaint-form')
  await page.getByRole('button', { name: '提交投诉' }).click()
  await page.getByText('前答复').waitFor()
  assert.equal(await page.locator('li[data-state="open"]').count(), 1)
  await accessible(page)
})

test('a manager answers it', async () => {
  const manager = await newPage(house, desk)
  await signIn(house, manager, 'manager1')
  await fits(manager, '66-desk-with-requests')
  await manager.getByRole('link', { name: '待答复' }).click()
  await manager.getByText('说好三天，还没有人来。').waitFor()
  await manager.getByLabel('答复').fill('属实，明天上午上门。')
  await fits(manager, '67-complaint-desk')
  await manager.getByRole('button', { name: '属实', exact: true }).click()
  await manager.getByText('没有等待答复的申请').waitFor()
})

test('the customer reads the answer and says that it is settled', async () => {
  await page.reload()
  await page.getByText('属实，明天上午上门。').waitFor()
  await page.getByRole('button', { name: '解决了', exact: true }).click()
  await page.getByText('您说：解决了。').waitFor()
  await fits(page, '68-complaint-settled')
})

test('of what is about no case the customer complains from their own page, and says where', async () => {
  await page.goto(`${house.url}/my`)
  await page.getByLabel('手机号').fill('13800000001')
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByLabel('验证码').fill(await house.codeFor('13800000001'))
  await page.locator('form').getByRole('button').first().click()
  await page.getByText(number).waitFor()
  await page.getByRole('button', { name: '我要投诉' }).click()
  await page.getByLabel('发生在哪里').selectOption({ index: 1 })
  const enterprise = page.getByLabel('供电企业')
  if (await enterprise.count()) await enterprise.selectOption({ index: 1 })
  await page.getByLabel('投诉什么').selectOption({ label: '服务态度' })
  await page.getByLabel('怎么回事').fill('营业厅三点就不接待了。')
  await accessible(page)
  await fits(page, '69-complaint-general-form')
  await page.getByRole('button', { name: '提交投诉' }).click()
  await page.getByText('营业厅三点就不接待了。').waitFor()
  assert.equal(await page.locator('li[data-state="open"]').count(), 1, 'the one about the case stands on the page of the case')
})

test('those who work there answer it, and the customer says that it is not settled', async () => {
  const manager = await newPage(house, desk)
  await signIn(house, manager, 'manager1')
  await manager.goto(`${house.url}/desk/requests`)
  await manager.getByText('与办件无关 · 芝罘区').waitFor()
  await manager.getByLabel('答复').fill('下午照常接待，已告知当班人员。')
  await fits(manager, '70-complaint-general-desk')
  await manager.getByRole('button', { name: '不属实', exact: true }).click()
  await manager.getByText('没有等待答复的申请').waitFor()
  await page.reload()
  await page.getByText('下午照常接待，已告知当班人员。').waitFor()
  await page.getByRole('button', { name: '没有解决', exact: true }).click()
  await page.getByText('您说没有解决，由另一个人再次答复。').waitFor()
  await fits(page, '71-complaint-general-unsettled')
})

test('somebody else answers once more, knowing the first answer; after that there is 12398', async () => {
  const first = await newPage(house, desk)
  await signIn(house, first, 'manager1')
  await first.goto(`${house.url}/desk/requests`)
  await first.getByText('须由另一个人答复').waitFor()
  const supervisor = await newPage(house, { ...desk, bypassCSP: true })
  await signIn(house, supervisor, 'supervisor1')
  await supervisor.goto(`${house.url}/desk/requests`)
  await supervisor.getByText('下午照常接待，已告知当班人员。').waitFor()
  await accessible(supervisor)
  await supervisor.getByLabel('答复').fill('即日起延长到五点，已公示。')
  await fits(supervisor, '72-complaint-second-answer')
  await supervisor.getByRole('button', { name: '属实', exact: true }).click()
  await supervisor.getByText('没有等待答复的申请').waitFor()
  await page.reload()
  await page.getByText('即日起延长到五点，已公示。').waitFor()
  await page.getByRole('button', { name: '没有解决', exact: true }).click()
  await page.getByText('您说：没有解决。可以拨打 12398').waitFor()
  await accessible(page)
  await fits(page, '73-complaint-unsettled-for-good')
})

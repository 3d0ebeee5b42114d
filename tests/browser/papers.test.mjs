// Papers as files: sent on a phone over a connection that is cut, looked at by the clerk, seen by the person.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible, applied, desk, fits, newPage, open, phone, signIn, track } from './house.mjs'

let house
let page
let receipt
before(async () => {
  house = await open({ codes: true })
  page = await newPage(house, phone)
  receipt = await applied(house)
})
after(() => house?.close())

const picture = (size) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(size - 4, 7)])
const choose = (on, file) => on.locator('[data-paper] input[type="file"]').first().setInputFiles(file)

test('a file that lies about its type is refused in a sentence', async () => {
  await track(house, page, receipt.number)
  await choose(page, { name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('MZ this is a program and no picture') })
  const alert = page.locator('[data-paper]').getByRole('alert')
  await alert.waitFor()
  assert.match(await alert.innerText(), /文件内容与它的类型不符[\s\S]*PDF、JPEG、PNG/)
  await fits(page, '60-paper-refused')
})

test('a connection that is cut: it says so, and the file goes on where it stopped', async () => {
  const offsets = []
  let parts = 0
  await page.route('**/files/*', async (route) => {
    if (route.request().method() !== 'PUT') return route.continue()
    offsets.push(route.request().postDataJSON().offset)
    // The third part is on its way when the network goes, and stays away for two tries.
    if (++parts === 3 || parts === 4) return route.abort('internetdisconnected')
    return route.continue()
  })
  await choose(page, { name: 'identity.jpg', mimeType: 'image/jpeg', buffer: picture(300_000) })
  await page.getByText('网络断开，已传的部分都在').waitFor()
  await fits(page, '61-paper-cut')
  await page.locator('[data-file]').waitFor()
  assert.deepEqual(offsets.slice(0, 6), [0, 36864, 73728, 73728, 73728, 110592], 'nothing is sent twice that had arrived')
  await fits(page, '62-paper-there')
  await page.unroute('**/files/*')
})

test('the clerk opens it, and the person sees who has looked', async () => {
  const clerk = await newPage(house, desk)
  await signIn(house, clerk)
  await clerk.goto(`${house.url}/desk/case/${receipt.number}`)
  const link = clerk.locator('[data-file] a')
  await link.waitFor()
  await fits(clerk, '63-paper-desk')
  const [download] = await Promise.all([clerk.waitForEvent('download'), link.click()])
  assert.match(download.suggestedFilename(), /\.jpeg$/)
  assert.deepEqual(clerk.wrong, [])
  await clerk.context().close()
  await page.reload()
  await page.getByRole('region', { name: '谁看过您的个人信息' }).getByText('王受理').waitFor()
})

/** The application's first two screens, to the answer on the third. */
async function answered(on, number) {
  await on.goto(`${house.url}/apply`)
  for (const label of ['区（市）', '镇（街道）']) {
    const select = on.getByLabel(label)
    await select.selectOption(await select.locator('option:not([disabled])').first().getAttribute('value'))
  }
  await on.getByLabel('用电地址').fill('示例路 9 号')
  await on.getByLabel('姓名').fill('王小明')
  await on.getByLabel('手机号').fill(number)
  await on.getByRole('button', { name: '下一步' }).click()
  await on.getByLabel('要用多大功率').fill('8')
  await on.getByRole('button', { name: '看结果' }).click()
  await on.getByRole('button', { name: '提交申请' }).waitFor()
}

test('papers are chosen before there is a case; a reload keeps them, and applying sends them', async () => {
  const own = await newPage(house, { ...phone, bypassCSP: true })
  await answered(own, '13800000008')
  const ahead = own.getByRole('region', { name: '材料可以现在选好' })
  await choose(own, { name: 'virus.png', mimeType: 'image/png', buffer: Buffer.from('MZ this is a program and no picture') })
  await ahead.getByRole('alert').waitFor()
  await choose(own, { name: 'front.jpg', mimeType: 'image/jpeg', buffer: picture(200_000) })
  await choose(own, { name: 'wrong.jpg', mimeType: 'image/jpeg', buffer: picture(5_000) })
  await ahead.getByRole('button', { name: '去掉 wrong.jpg' }).click()
  await own.getByText('wrong.jpg').waitFor({ state: 'detached' })
  await own.reload()
  await ahead.getByText('front.jpg').waitFor()
  assert.equal(await own.locator('[data-chosen]').count(), 1, 'what was refused or taken away is not there')
  await fits(own, '64-paper-ahead')
  await accessible(own)

  // The network goes with the first part on its way, and the page with it.
  await own.route('**/files/*', (route) => route.abort('internetdisconnected'))
  await own.getByRole('button', { name: '提交申请' }).click()
  await own.getByText('网络断开，已传的部分都在').waitFor()
  await fits(own, '65-paper-receipt-cut')
  const number = await own.locator('[data-test="case-number"]').innerText()
  await own.unroute('**/files/*')
  await own.reload()
  await own.locator('[data-file]').waitFor()
  await fits(own, '66-paper-receipt-there')
  await accessible(own)

  await own.goto(`${house.url}/case/${number}`)
  await own.locator('[data-file]').waitFor()
  assert.equal(await own.locator('[data-file]').count(), 1)
  assert.deepEqual(own.wrong, [])
  await own.context().close()
})

test('a session that ended meanwhile: the files wait on the device, and the page of the case sends them', async () => {
  const own = await newPage(house, phone)
  await answered(own, '13800000009') // of another person: what one has handed in is not asked for again
  await choose(own, { name: 'back.jpg', mimeType: 'image/jpeg', buffer: picture(80_000) })
  await own.locator('[data-chosen]').waitFor()
  await own.route('**/files', (route) => route.abort('internetdisconnected'))
  await own.getByRole('button', { name: '提交申请' }).click()
  await own.getByText('网络断开，已传的部分都在').waitFor()
  await own.context().clearCookies()
  await own.unroute('**/files')
  await own.reload()
  await own.getByText('选好的 1 个文件还在这台设备上').waitFor()
  await fits(own, '67-paper-waiting')
  const number = await own.locator('[data-test="case-number"]').innerText()
  await track(house, own, number, '13800000009')
  await own.locator('[data-file]').waitFor()
  await own.context().close()
})

test('what the city has of a person already is not sent again, and the page says so', async () => {
  const own = await newPage(house, { ...phone, bypassCSP: true })
  await answered(own, '13800000008') // whose paper went in with the application before
  await choose(own, { name: 'again.jpg', mimeType: 'image/jpeg', buffer: picture(5_000) })
  await own.locator('[data-chosen]').waitFor()
  await own.getByRole('button', { name: '提交申请' }).click()
  await own.getByText('again.jpg 不用再交').waitFor()
  assert.equal(await own.locator('[data-file]').count(), 0)
  await fits(own, '68-paper-spared')
  await accessible(own)
  await own.reload()
  await own.locator('[data-test="case-number"]').waitFor()
  assert.equal(await own.getByText('again.jpg').count(), 0, 'it is off the device')
  assert.deepEqual(own.wrong, [])
  await own.context().close()
})

test('an agent who applies for somebody stays signed in, and the files wait for whoever may open the case', async () => {
  const agent = await newPage(house, phone)
  await applied(house, { name: '周代理', phone: '13800000020' }) // who has a case has something to sign in to
  await agent.goto(`${house.url}/my`)
  await agent.getByLabel('手机号').fill('13800000020')
  await agent.getByRole('button', { name: '获取验证码' }).click()
  await agent.getByLabel('验证码').fill(await house.codeFor('13800000020'))
  await agent.locator('form').getByRole('button').first().click()
  await agent.locator('.cases li').first().waitFor()
  await answered(agent, '13800000021')
  await choose(agent, { name: 'theirs.jpg', mimeType: 'image/jpeg', buffer: picture(5_000) })
  await agent.locator('[data-chosen]').waitFor()
  await agent.getByRole('button', { name: '提交申请' }).click()
  await agent.getByText('选好的 1 个文件还在这台设备上').waitFor()
  await agent.goto(`${house.url}/my`)
  await agent.locator('.cases li').first().waitFor()
  assert.deepEqual(agent.wrong, [])
  await agent.context().close()
})

test('nothing went wrong, and nothing was fetched from outside', () => assert.deepEqual(page.wrong, []))

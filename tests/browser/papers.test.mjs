// Papers as files: sent on a phone over a connection that is cut, looked at by the clerk, seen by the person.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { applied, desk, fits, newPage, open, phone, signIn, track } from './house.mjs'

let house
let page
let receipt
before(async () => {
  house = await open()
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

test('nothing went wrong, and nothing was fetched from outside', () => assert.deepEqual(page.wrong, []))

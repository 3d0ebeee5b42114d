// A program with data of its own, and a browser before it, for as long as a test needs them.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const program = process.env.TONGDIAN ?? join(root, 'build/tongdian')
// The browser's driver is one of the web's packages.
const { chromium } = createRequire(join(root, 'web/package.json'))('playwright-core')
const axeSource = createRequire(join(root, 'web/package.json')).resolve('axe-core/axe.min.js')

const pictures = join(root, 'build/screenshots')
mkdirSync(pictures, { recursive: true })

/** Makes an account on the command line; the password goes in by standard input. */
function addUser(data, user, name, roles, password) {
  const run = spawnSync(program, ['user', 'add', '--data', data, '--name', name, ...roles.flatMap((role) => ['--role', role]), user], {
    input: password + '\n',
    encoding: 'utf8',
  })
  if (run.status !== 0) throw new Error(`user add: ${run.stderr || run.stdout}`)
}

function address(server) {
  return new Promise((found, failed) => {
    const lines = [server.stdout, server.stderr].map((stream) => createInterface({ input: stream }))
    const said = (server.said = [])
    for (const line of lines)
      line.on('line', (text) => {
        said.push(text)
        const match = /listening on (http:\/\/\S+)/.exec(text)
        if (match) found(match[1])
      })
    server.once('exit', (code) => failed(new Error(`the program ended (${code}):\n${said.join('\n')}`)))
  })
}

/** Starts the program on a folder of its own and a browser; `close` ends both and takes the folder away. `also` are more accounts, with the clerk's password; with `codes` one-time codes go to the log. */
export async function open({ demo = false, also = [], codes = false } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'tongdian-browser-'))
  // The demo brings its own accounts, and says so when it starts.
  const clerk = demo ? { user: 'clerk', password: 'tongdian-demo' } : { user: 'clerk1', password: 'a long enough password' }
  if (!demo) {
    addUser(data, clerk.user, '王受理', ['clerk'], clerk.password)
    addUser(data, 'manager1', '李经理', ['manager'], clerk.password)
    for (const { user, name, roles } of also) addUser(data, user, name, roles, clerk.password)
  }
  const server = spawn(program, ['serve', '--data', data, '--port', '0', ...(demo ? ['--demo'] : []), ...(codes ? ['--codes', 'log'] : [])])
  const url = await address(server).catch((error) => {
    rmSync(data, { recursive: true, force: true })
    throw error
  })
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  }).catch((error) => {
    server.kill() // or the test would wait for it for ever
    throw error
  })
  return {
    url,
    browser,
    clerk,
    /** The newest code that went to this phone, once there is one. */
    async codeFor(number) {
      for (let i = 0; i < 200; ++i) {
        const found = server.said.findLast((line) => line.includes(`code for phone ${number} is `))
        if (found) return /is (\d{6})/.exec(found)[1]
        await new Promise((done) => setTimeout(done, 50))
      }
      throw new Error(`no code for ${number} in the log`)
    },
    async close() {
      await browser.close()
      const ended = new Promise((done) => server.once('exit', done))
      server.kill('SIGTERM')
      await ended
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** A page that notes whatever goes wrong in it, and every request that leaves the house. */
export async function newPage(house, { width, height, ...more }) {
  const context = await house.browser.newContext({ viewport: { width, height }, locale: 'zh-CN', ...more })
  const page = await context.newPage()
  const wrong = []
  page.on('pageerror', (error) => wrong.push(`script: ${error.message}`))
  page.on('console', (message) => {
    // A refused request is part of some flows; the browser reports it as an error of its own.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) wrong.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(house.url)) wrong.push(`outside: ${request.url()}`)
  })
  return Object.assign(page, {
    wrong,
    picture: (name, whole = true) => page.screenshot({ path: join(pictures, `${name}.png`), fullPage: whole }),
  })
}

/** An application by the interface, as the form sends it; for flows that begin after it. */
export async function applied(house, { name = '王小明', phone: number = '13800000001', address = '示例路 1 号', firm = false } = {}) {
  const { areas, enterprises } = await (await fetch(`${house.url}/api/v1/city`)).json()
  const facts = {
    customer: firm ? 'non_resident' : 'resident', voltage: 'lv', requested_kw: 8, sources: 1, new_installation: true, works_needed: firm, supply_kind: 'ordinary', lead: 'none', source_distance_m: 0,
    ...(firm && {
      route: { road: 'none', trees: 'none' },
      enterprise: { business_licence: true, registered_address_is_supply_address: true, tariff: 'general_commercial', direct_supply: true, connected_kva_at_address: 8, in_urban_planning_area: true, park: 'none' },
    }),
  }
  const response = await fetch(`${house.url}/api/v1/cases`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
    body: JSON.stringify({ facts, applicant: { name, phone: number }, site: { area: areas[0].code, township: areas[0].townships[0].code, address }, enterprise: enterprises[0].id, channel: 'online' }),
  })
  const receipt = await response.json()
  if (response.status !== 201) throw new Error(JSON.stringify(receipt))
  return receipt
}

/** Opens a case as its customer, by number and phone. */
export async function track(house, page, number, phoneNumber = '13800000001') {
  await page.goto(`${house.url}/track?number=${number}`)
  await page.getByLabel('申请时填的手机号').fill(phoneNumber)
  await page.getByRole('button', { name: '查看' }).click()
  await page.waitForURL(`**/case/${number}`)
  await page.locator('[data-state]').waitFor()
}

export async function signIn(house, page, user = house.clerk.user) {
  await page.goto(`${house.url}/login`)
  await page.getByLabel('用户名').fill(user)
  await page.getByLabel('密码').fill(house.clerk.password)
  await page.getByRole('button', { name: '登录' }).click()
  await page.waitForURL('**/desk')
}

/** No page is wider than its screen; its picture is kept. */
export async function fits(page, name) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (over > 0) throw new Error(`${name} is ${over} px wider than the screen`)
  await page.picture(name)
}

/** Nothing that axe-core finds against WCAG 2 A and AA; `page` is one that may be given a script (bypassCSP). */
export async function accessible(page) {
  await page.addScriptTag({ path: axeSource })
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }))
  assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`), [], page.url())
}

export const phone = { width: 390, height: 844 }
export const desk = { width: 1360, height: 900 }

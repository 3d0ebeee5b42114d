// Opens pages as a cheap phone on a slow network does; prints {page: [{interactive ms, shift, script bytes}]}.
import { createRequire } from 'node:module'

const { chromium } = createRequire(new URL('../web/package.json', import.meta.url))('playwright-core')
const [url, turns] = process.argv.slice(2)
const pages = { home: ['/', 'a[href="/apply"].primary'], apply: ['/apply', 'form button[type="submit"]'], durations: ['/durations', 'main li h2'] }

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
const out = Object.fromEntries(Object.keys(pages).map((name) => [name, []]))
for (let turn = 0; turn < Number(turns); ++turn)
  for (const [name, [path, ready]] of Object.entries(pages)) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 })
    const page = await context.newPage()
    const client = await context.newCDPSession(page)
    await client.send('Network.enable')
    await client.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 })
    await client.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    let script = 0
    const kinds = new Map()
    client.on('Network.responseReceived', (event) => kinds.set(event.requestId, event.type))
    client.on('Network.loadingFinished', (event) => kinds.get(event.requestId) === 'Script' && (script += event.encodedDataLength))
    await page.addInitScript(() => {
      window.shift = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value
      }).observe({ type: 'layout-shift', buffered: true })
    })
    await page.goto(url + path, { waitUntil: 'commit' })
    // There, and its thread free to answer a touch: the frame after the next.
    await page.locator(ready).first().waitFor()
    const interactive = await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0))))
    await page.waitForLoadState('networkidle')
    out[name].push({ interactive, shift: await page.evaluate(() => window.shift), script })
    await context.close()
  }
await browser.close()
console.log(JSON.stringify(out))

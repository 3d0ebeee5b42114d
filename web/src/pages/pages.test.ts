// Every route's page as it opens, in both languages and with a server that answers nothing: the hotlines stand all the same.
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import App from '../App.vue'
import { i18n, speak, speakStaff } from '../i18n'
import { routes } from '../router'

const addresses: Record<string, string> = {
  '/case/:number': '/case/YT211115-00001',
  '/desk/case/:number': '/desk/case/YT211115-00001',
  '/verify/:number?': '/verify/YT211115-00001',
  '/gallery/:component?': '/gallery/StatusTag',
  '/:rest(.*)*': '/no/such/page',
}

async function open(address: string) {
  // The guard for staff is left out: here each page is looked at, not who may open it.
  const router = createRouter({ history: createMemoryHistory(), routes })
  await router.push(address)
  const page = mount(App, { global: { plugins: [i18n, router] }, attachTo: document.body })
  await flushPromises()
  return page
}

let missing: string[] = []
beforeEach(() => {
  missing = []
  vi.spyOn(console, 'warn').mockImplementation((...said: unknown[]) => void missing.push(said.join(' ')))
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
})
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe.each(['zh', 'en'] as const)('in %s', (language) => {
  it.each(routes.map((route) => route.path))('%s has both hotlines and a heading or says what is wrong', async (path) => {
    await speak(language)
    await speakStaff() // the router's guard does it, once somebody has signed in
    const page = await open(addresses[path] ?? path)
    const calls = page.findAll('footer a[href^="tel:"]').map((link) => link.attributes('href'))
    expect(calls).toEqual(['tel:95598', 'tel:12398'])
    expect(page.find('main h1, main [role="alert"]').exists()).toBe(true)
    expect(missing.filter((said) => said.includes('[intlify]'))).toEqual([])
    page.unmount()
  })
})

// Every component is a folder with examples, and each example stands in both languages, without a warning, saying something.
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n, speak, speakStaff } from '../i18n'
import { loaders, names } from './examples'

const folders = Object.keys(import.meta.glob('../components/*/*.vue')).map((path) => /\/(\w+)\.vue$/.exec(path)![1]!)
it('has examples of every component', () => {
  expect(names).toEqual([...folders].sort())
})

let said: string[] = []
beforeEach(() => {
  said = []
  localStorage.clear()
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
  vi.stubGlobal('scrollTo', () => undefined)
  for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation((...words: unknown[]) => void said.push(words.join(' ')))
})
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe.each(['zh', 'en'] as const)('in %s', (language) => {
  it.each(names)('%s', async (name) => {
    await speak(language)
    await speakStaff()
    const { component, examples } = await loaders.get(name)!()
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { render: () => null } }] })
      const shown = mount(component, { props: example.props, slots: example.slot ? { default: example.slot } : {}, global: { plugins: [i18n, router] }, attachTo: document.body })
      await flushPromises()
      const speaks = shown.text().trim() !== '' || shown.find('[aria-label], [role="img"], svg, input').exists() || example.frame
      expect(speaks, example.name).toBe(true)
      shown.unmount()
    }
    expect(said).toEqual([])
  })
})

import { afterEach, expect, it } from 'vitest'
import { clearShelf, drop, keep, keptFor, moveShelf } from './paper-shelf'

// Without IndexedDB, as in a browser that forbids it; with it: tests/browser/papers.test.mjs.
const file = (name: string) => new File(['x'], name)
const names = async (shelf: string) => (await keptFor(shelf)).map((each) => `${each.document} ${each.file.name}`)
afterEach(() => Promise.all(['draft', 'TD1'].map(clearShelf)))

it('what was chosen for a draft is there for its case, and for no other', async () => {
  await keep('draft', 'identity', file('a.png'), true)
  await keep('draft', 'business_licence', file('b.pdf'), false)
  await keep('TD1', 'identity', file('c.png'), true)
  await moveShelf('draft', 'TD2')
  expect(await names('draft')).toEqual([])
  expect(await names('TD2')).toEqual(['identity a.png', 'business_licence b.pdf'])
  await clearShelf('TD2')
  expect(await names('TD2')).toEqual([])
  expect(await names('TD1')).toEqual(['identity c.png'])
})

it('one goes once it is sent', async () => {
  await keep('TD1', 'identity', file('a.png'), true)
  await keep('TD1', 'identity', file('b.png'), true)
  await drop((await keptFor('TD1'))[0]!)
  expect(await names('TD1')).toEqual(['identity b.png'])
})

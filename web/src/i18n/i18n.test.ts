import { expect, it } from 'vitest'
import en from './en'
import zh from './zh'

function leaves(tree: object, at = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const path = at ? `${at}.${key}` : key
    if (typeof value === 'string') found.set(path, value)
    else for (const [deep, text] of leaves(value as object, path)) found.set(deep, text)
  }
  return found
}
const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
const chinese = leaves(zh)
const english = leaves(en)

it('says everything in both languages', () => {
  expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
  for (const [key, text] of [...chinese, ...english]) expect(text.trim(), key).not.toBe('')
})
it('puts the same values into both', () => {
  for (const [key, text] of chinese) expect(placeholders(english.get(key)!), key).toEqual(placeholders(text))
})
it('has no Chinese in the English, but for the switch back', () => {
  const mixed = [...english].filter(([, text]) => /[\u4e00-\u9fff]/.test(text)).map(([key]) => key)
  expect(mixed).toEqual(['nav.language'])
})

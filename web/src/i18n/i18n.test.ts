import { expect, it } from 'vitest'
import en from './en'
import enStaff from './en.staff'
import zh from './zh'
import zhStaff from './zh.staff'

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
const chinese = new Map([...leaves(zh), ...leaves(zhStaff)])
const english = new Map([...leaves(en), ...leaves(enStaff)])

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
it('says nothing twice: what is for staff alone is not with the rest', () => {
  for (const key of leaves(zhStaff).keys()) expect(leaves(zh).has(key), key).toBe(false)
})

import { beforeEach, describe, expect, it } from 'vitest'
import type { Receipt } from '../api/types'
import { hasDraft, openDraft } from './draft'

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
})

describe('a draft', () => {
  it('is there again after a reload, to the last keystroke', () => {
    const first = openDraft('online')
    first.draft.form.address = '示例路 1 号'
    first.draft.form.kw = 8
    first.draft.screen = 2
    first.stop()
    const second = openDraft('online')
    expect(second.draft.form).toMatchObject({ address: '示例路 1 号', kw: 8 })
    expect(second.draft.screen).toBe(2)
    expect(hasDraft('online')).toBe(true)
  })
  it('sends the same application under the same key, also after a reload, and a changed one under another', () => {
    const first = openDraft('online')
    const key = first.keyFor({ a: 1 })
    expect(key).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    expect(first.keyFor({ a: 1 })).toBe(key)
    first.stop()
    const second = openDraft('online')
    expect(second.keyFor({ a: 1 })).toBe(key)
    expect(second.keyFor({ a: 2 })).not.toBe(key)
  })
  it('forgets what was typed once it is applied, and keeps the receipt', () => {
    const { draft, finish, keyFor } = openDraft('online')
    draft.form.phone = '13800000001'
    keyFor({ phone: '13800000001' })
    finish({ number: 'YT1' } as Receipt)
    expect(localStorage.getItem('tongdian.draft.online')).not.toContain('13800000001')
    expect(openDraft('online').draft.receipt?.number).toBe('YT1')
    expect(hasDraft('online')).toBe(false)
  })
  it('of a clerk stays in the tab', () => {
    openDraft('counter').draft.form.phone = '13800000002'
    expect(JSON.stringify({ ...localStorage })).not.toContain('13800000002')
    expect(openDraft('counter').draft.form.phone).toBe('13800000002')
  })
  it('opens empty from a store that cannot be read, and fills in fields that it did not know', () => {
    localStorage.setItem('tongdian.draft.online', '{broken')
    expect(openDraft('online').draft.screen).toBe(1)
    localStorage.setItem('tongdian.draft.online', JSON.stringify({ version: 1, draft: { screen: 2, form: { kw: 5 } } }))
    const { draft } = openDraft('online')
    expect(draft.form.kw).toBe(5)
    expect(draft.form.customer).toBe('resident')
  })
  it('starts anew when asked', () => {
    const { draft, restart } = openDraft('online')
    draft.form.name = '王'
    restart()
    expect(draft.form.name).toBe('')
    expect(hasDraft('online')).toBe(false)
  })
})

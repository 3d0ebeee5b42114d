// The form before a stand-in for the server: what is sent, how often, and where a problem shows.
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n } from '../../i18n'
import { emptyForm } from '../../lib/facts'
import ApplyFlow from './ApplyFlow.vue'

const decision = {
  id: '', pack: { id: 'p', version: '1' }, clauses: ['二·省时'], four_zero_failed: [], programme: 'four_zero', voltage: 'lv', class: 'lv_resident',
  stages: [{ id: 'acceptance', limit_wd: 0 }, { id: 'energisation', limit_wd: 1 }], target_wd: 1, ceiling_wd: 1, due_on: '2021-11-16',
  ceiling_on: '2021-11-16', target_on: '2021-11-16', permit: 'none', investment: { boundary: 'meter', user_cost_fen: 0 },
  documents: { acceptance: ['identity'] }, zero_application: false, counts_in_longest_time: true, flags: [], notes: [], values: [],
  names: { identity: { zh: '身份证', en: 'identity card' } }, clause_texts: { 二·省时: '办电更省时。' }, note_texts: {}, document_clauses: { identity: '三(二)3' },
}
const filled = { ...emptyForm(), kw: 8, area: '1', township: '2', address: '路 1 号', name: '王', phone: '13800000001', enterprise: 'e' }

type Sent = { path: string; body: Record<string, unknown>; key: string | null }
let sent: Sent[] = []
let answer: (path: string) => Response | Promise<Response>
const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json' } })

beforeEach(() => {
  sent = []
  answer = (path) => (path.endsWith('/decide') ? json(decision) : json({}, 500))
  localStorage.setItem('tongdian.draft.online', JSON.stringify({ version: 1, draft: { screen: 3, form: filled, sent: null, receipt: null } }))
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    if (request.method === 'POST') sent.push({ path, body: await request.json(), key: request.headers.get('Idempotency-Key') })
    return answer(path)
  })
  vi.stubGlobal('scrollTo', () => undefined)
})
afterEach(() => {
  localStorage.clear()
  vi.unstubAllGlobals()
})

async function open() {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: { render: () => null } }] })
  const page = mount(ApplyFlow, { props: { channel: 'online' }, global: { plugins: [i18n, router] }, attachTo: document.body })
  await flushPromises()
  return page
}
const submissions = () => sent.filter((one) => one.path === '/api/v1/cases')

describe('the third screen', () => {
  it('shows the answer with the clause behind each document', async () => {
    const page = await open()
    expect(page.text()).toContain('今天申请')
    expect(page.findAll('.papers .clause').map((one) => one.text())).toEqual(['三(二)3'])
    page.unmount()
  })
  it('submits once for two taps, and a retry goes under the same key', async () => {
    let release: (response: Response) => void = () => undefined
    answer = (path) => (path.endsWith('/decide') ? json(decision) : new Promise((resolve) => (release = resolve)))
    const page = await open()
    const button = page.get('.bottom .primary')
    await button.trigger('click')
    await button.trigger('click')
    expect(submissions()).toHaveLength(1)
    release(new Response('gone', { status: 502 }))
    await flushPromises()
    expect(page.find('[role="alert"]').exists()).toBe(true)
    await page.get('.bottom .primary').trigger('click')
    await flushPromises()
    expect(submissions()).toHaveLength(2)
    expect(submissions()[0]!.key).toMatch(/^[0-9a-f]{32}$/)
    expect(submissions()[1]!.key).toBe(submissions()[0]!.key)
    page.unmount()
  })
  it('goes back to the field that a problem names, in the reader’s language', async () => {
    answer = (path) =>
      path.endsWith('/decide')
        ? json(decision)
        : json({ type: 'x', title: 'x', status: 422, code: 'connection.unknown_township', detail: '没有这个镇街', detail_en: 'no such township', clauses: [], next: '', next_en: '', path: '/site/township' }, 422)
    const page = await open()
    await page.get('.bottom .primary').trigger('click')
    await flushPromises()
    expect(page.text()).toContain('第 1 步')
    const wrong = page.get('[aria-invalid="true"]')
    expect(document.getElementById(wrong.attributes('aria-describedby')!)?.textContent).toBe('没有这个镇街')
    page.unmount()
  })
})

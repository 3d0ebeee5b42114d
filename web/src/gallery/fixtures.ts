// Made-up data for examples: nobody lives here, and no figure is the policy's.
import { ApiProblem } from '../api/problem'
import type { Case, CaseStage, Clocks, Decision, InboxRow, Receipt, WhitelistEntry, WhitelistWork } from '../api/types'
import { emptyForm } from '../lib/facts'

const name = (zh: string, en: string) => ({ zh, en })

export const decision: Decision = {
  id: '',
  pack: { id: 'lanwan-2021-9', version: '1' },
  clauses: ['一·省时', '一·省钱', '一·材料'],
  four_zero_failed: [],
  programme: 'four_zero',
  voltage: 'lv',
  class: 'lv_non_resident_four_zero',
  stages: [
    { id: 'acceptance', limit_wd: 1 },
    { id: 'energisation', limit_wd: 2 },
  ],
  target_wd: 3,
  ceiling_wd: 5,
  due_on: '2021-11-18',
  ceiling_on: '2021-11-22',
  permit: 'exempt',
  investment: { boundary: 'meter', user_cost_fen: 0 },
  documents: { acceptance: ['business_licence'] },
  zero_application: false,
  counts_in_longest_time: true,
  flags: [],
  notes: [{ id: 'A12', text: '次日是下一个公历日', text_en: 'The next day is the next calendar day' }],
  values: [],
  names: {
    four_zero: name('“四零”服务', 'four-zero service'),
    lv_non_resident_four_zero: name('低压小微企业', 'low-voltage micro-enterprise'),
    acceptance: name('业务受理', 'acceptance'),
    energisation: name('验收送电', 'energisation'),
    business_licence: name('营业执照', 'business licence'),
    'four_zero_failed/business_licence': name('有营业执照', 'a business licence'),
  },
  clause_texts: { '一·省时': '办电更省时。', '一·省钱': '办电更省钱。', '一·材料': '只收清单内的材料。' },
  note_texts: {},
  document_clauses: { business_licence: '一·材料' },
}
export const slower: Decision = {
  ...decision,
  programme: 'standard',
  clauses: ['一·省时'],
  four_zero_failed: ['business_licence'],
  target_wd: 8,
  permit: 'ordinary',
  investment: { boundary: 'ownership_point', user_cost_fen: null },
  flags: ['source_beyond_200m'],
}

export const stages: CaseStage[] = [
  { id: 'acceptance', name: decision.names.acceptance!, limit_wd: 1, status: 'done', started_at: '2021-11-15T09:00:00+08:00', ended_at: '2021-11-15T15:00:00+08:00', due_on: '2021-11-16', used_wd: 1, late: false },
  { id: 'energisation', name: decision.names.energisation!, limit_wd: 2, status: 'running', started_at: '2021-11-15T15:00:00+08:00', ended_at: null, due_on: '2021-11-18', used_wd: 1, late: false },
]

export const clocks = (status: Clocks['a']['status']): Clocks => ({
  a: { used_wd: 2, target_wd: 3, ceiling_wd: 5, due_on: '2021-11-18', ceiling_on: '2021-11-22', status, calendar_loaded: true },
  b: { working_days: 2, calendar_days: 2 },
  c: { who: status === 'stopped' ? 'customer' : 'grid', since: '2021-11-15T15:00:00+08:00', working_days: 2, reason: status === 'stopped' ? name('客户设计', 'the customer’s design') : null },
})

const place = {
  area: { code: '990001', name: name('海东区', 'Haidong') },
  township: { code: '990001001', name: '示例街道' },
  enterprise: { id: 'example', name: name('示例供电公司', 'Example Power') },
}

export const receiptCase: Receipt['case'] = {
  number: 'TD211115-7KQ4MX',
  sequence: 2,
  kind: 'new',
  class: 'lv_non_resident_four_zero',
  programme: 'four_zero',
  voltage: 'lv',
  customer: 'non_resident',
  requested_kw: 80,
  ...place,
  channel: 'online',
  opened_at: '2021-11-15T09:00:00+08:00',
  state: 'running',
  stage: 'energisation',
  stages,
  clocks: clocks('on_time'),
  duplicates: [],
  proof_url: '/api/v1/cases/TD211115-7KQ4MX/proof',
}
export const receipt: Receipt = { number: receiptCase.number, sequence: 2, decision, case: receiptCase }

export const aCase: Case = {
  ...receiptCase,
  decision,
  documents: [
    { id: 'business_licence', name: decision.names.business_licence!, stage: 'acceptance', status: 'asked', clause: '一·材料' },
    { id: 'completion_report', name: name('竣工报告', 'completion report'), stage: 'energisation', status: 'have', clause: '一·材料' },
  ],
  asked: { at: '2021-11-15T10:00:00+08:00', items: [{ id: 'business_licence', name: decision.names.business_licence! }], clause: '一·材料' },
  timeline: [
    { position: 1, type: 'case.submitted', title: name('提交用电申请', 'Application submitted'), recorded_at: '2021-11-15T09:00:00+08:00', occurred_at: null, actor: { kind: 'customer', name: '' }, channel: 'online', clauses: ['一·省时'], note: '' },
    { position: 2, type: 'case.accepted', title: name('业务受理', 'Application accepted'), recorded_at: '2021-11-15T15:00:00+08:00', occurred_at: '2021-11-15T14:00:00+08:00', actor: { kind: 'staff', name: '示例员' }, channel: 'desk', clauses: [], note: '一句说明' },
  ],
  actions: [
    { id: 'supplement', name: name('补交材料', 'Supply what was asked for'), who: 'customer', fields: [{ id: 'documents', type: 'choices', name: name('已提交的材料', 'What you supply'), required: true, choices: [{ id: 'business_licence', name: decision.names.business_licence! }] }] },
    { id: 'reply_plan', name: name('答复供电方案', 'Reply with the supply plan'), who: 'staff', fields: [{ id: 'connection_point', type: 'text', name: name('电源接入点', 'Connection point'), required: true, choices: [] }] },
    { id: 'withdraw', name: name('撤回申请', 'Withdraw the application'), who: 'customer', fields: [{ id: 'reason', type: 'choice', name: name('原因', 'Reason'), required: true, choices: [{ id: 'other', name: name('其他', 'other') }] }] },
  ],
  rating: null,
  hand_overs: [{ reason: 'documents', name: name('补正材料', 'supplying what is missing'), from: '2021-11-15T10:00:00+08:00', given_by: { kind: 'staff', name: '示例员' }, until: null, taken_by: null, working_days: 1 }],
  team: [],
  order: null,
  charges: [],
  person: { name: '示例商店', phone: '13800000001', id_number: '', address: '示例路 1 号', erased_at: null },
  messages: [],
}

export const row = (number: string, status: InboxRow['status'], days_left: number | null): InboxRow => ({
  number,
  class: 'lv_non_resident_four_zero',
  class_name: decision.names.lv_non_resident_four_zero!,
  state: status === 'stopped' ? 'with_customer' : 'running',
  stage: 'energisation',
  stage_name: decision.names.energisation!,
  ...place,
  requested_kw: 80,
  holder: status === 'stopped' ? 'customer' : 'grid',
  due_on: days_left === null ? null : '2021-11-18',
  calendar_loaded: true,
  days_left,
  status,
  opened_at: '2021-11-15T09:00:00+08:00',
  customer_name_masked: '示****',
  person_erased: false,
})
export const rows = [row('TD211115-7KQ4MX', 'on_time', 3), row('TD211114-AAAAAA', 'warned', 0), row('TD211112-BBBBBB', 'overdue', -2), row('TD211110-CCCCCC', 'breached', -6), row('TD211109-DDDDDD', 'stopped', null)]

export const problem = new ApiProblem({
  type: '/errors/connection.asked_once',
  title: 'Unprocessable Content',
  status: 422,
  code: 'connection.asked_once',
  detail: '缺少的材料只能一次性告知，本件已告知过',
  detail_en: 'what is missing is asked for once, and it was',
  clauses: ['一·材料'],
  next: '请按已有材料受理',
  next_en: 'accept with what is there',
  path: '',
})

export const firmForm = () => ({ ...emptyForm(), customer: 'non_resident' as const, kw: 80, works: true, voltage: '10kv' as const })

const work = (id: string, more: Partial<WhitelistWork> = {}): WhitelistWork => ({
  id,
  limit: 'overload',
  limit_name: name('过载', 'overload'),
  cure: 'reinforce',
  cure_name: name('线路或变压器增容', 'reinforce a line or transformer'),
  what: '示例线 3 号杆至 12 号杆换线',
  expected_on: '2021-12-20',
  first_expected_on: '2021-12-20',
  completed_at: null,
  overdue: false,
  responsible: '示例员',
  ...more,
})
export const works = [work('1'), work('2', { expected_on: '2021-11-10', first_expected_on: '2021-11-01', overdue: true }), work('3', { completed_at: '2021-11-12T10:00:00+08:00' })]
export const whitelistEntry = (state: WhitelistEntry['state'], more: Partial<WhitelistEntry> = {}): WhitelistEntry => ({
  kind: 'micro_beyond_capacity',
  kind_name: name('接入容量超出可开放范围的小微企业用电项目', 'micro-enterprise load beyond the open capacity'),
  state,
  computed: true,
  connection_point: '示例线 12 号杆',
  proposed_at: '2021-11-15T09:00:00+08:00',
  entered_at: state === 'proposed' ? null : '2021-11-15T11:00:00+08:00',
  completed_at: state === 'completed' ? '2021-12-20T10:00:00+08:00' : null,
  withdrawn_at: state === 'withdrawn' ? '2021-11-16T10:00:00+08:00' : null,
  reason: state === 'withdrawn' ? '已有可用接入点' : '',
  expected_on: '2021-12-20',
  overdue: false,
  working_days: state === 'proposed' ? null : 4,
  works: works.slice(0, 1),
  clauses: ['三(三)1', '#35'],
  ...more,
})

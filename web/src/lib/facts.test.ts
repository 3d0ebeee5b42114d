import { describe, expect, it } from 'vitest'
import { emptyForm, fieldOf, missing, plainPhone, screens, toFacts, toSubmission, wrong, type Form } from './facts'

const form = (some: Partial<Form>): Form => ({ ...emptyForm(), ...some })

describe('facts of a form', () => {
  it('of a household: low voltage, one source, no firm, no route without works', () => {
    expect(toFacts(form({ kw: 8 }))).toEqual({
      customer: 'resident',
      voltage: 'lv',
      requested_kw: 8,
      sources: 1,
      important: false,
      new_installation: true,
      works_needed: false,
      self_built: false,
      supply_kind: 'ordinary',
      lead: 'none',
      simple_low_risk_project: false,
      source_distance_m: 0,
      site_reason: '',
      commitment_conditions_met: false,
    })
  })
  it('forget the answers to questions that no longer apply', () => {
    const before = form({
      customer: 'non_resident', kw: 500, voltage: '10kv', sources: 2, important: true, works: true, selfBuilt: true, conditionsMet: true,
      road: 'highway', reroutesHighway: true, distance: 300, siteReason: '跨河', simpleLowRisk: true, supplyKind: 'unified_estate',
    })
    expect(toFacts(before)).toMatchObject({ sources: 2, important: true, self_built: true, commitment_conditions_met: true, route: { reroutes_highway: true } })
    const household = toFacts({ ...before, customer: 'resident' })
    expect(household).toMatchObject({ voltage: 'lv', sources: 1, important: false, self_built: false, commitment_conditions_met: false, simple_low_risk_project: false, supply_kind: 'ordinary' })
    expect(household.enterprise).toBeUndefined()
    const noWorks = toFacts({ ...before, works: false })
    expect(noWorks.route).toBeUndefined()
    expect(noWorks).toMatchObject({ self_built: false, source_distance_m: 0, site_reason: '' })
    expect(toFacts({ ...before, road: 'arterial' }).route).toMatchObject({ road: 'arterial', reroutes_highway: false })
  })
  it('count this request alone when the address has nothing else', () => {
    expect(toFacts(form({ customer: 'non_resident', kw: 50 })).enterprise?.connected_kva_at_address).toBe(50)
    expect(toFacts(form({ customer: 'non_resident', kw: 50, connectedKva: 210 })).enterprise?.connected_kva_at_address).toBe(210)
  })
  it('take no registered address without a licence', () => {
    expect(toFacts(form({ customer: 'non_resident', kw: 50, licence: false })).enterprise).toMatchObject({ business_licence: false, registered_address_is_supply_address: false })
  })
})

describe('a submission', () => {
  it('carries who and where, trimmed, and leaves the time to the server', () => {
    const body = toSubmission(form({ kw: 8, name: ' 王小明 ', phone: '138 0000-0001', area: '370602', township: '370602001', address: ' 示例路 1 号 ', enterprise: 'e' }), 'online')
    expect(body.applicant).toEqual({ name: '王小明', phone: '13800000001' })
    expect(body.site).toEqual({ area: '370602', township: '370602001', address: '示例路 1 号' })
    expect(body.channel).toBe('online')
    expect(body.facts).not.toHaveProperty('applied_at')
  })
})

describe('fields', () => {
  it('are found by the pointer of a problem, in facts and in a submission', () => {
    expect(fieldOf('/requested_kw')).toBe('kw')
    expect(fieldOf('/facts/requested_kw')).toBe('kw')
    expect(fieldOf('/facts/enterprise/connected_kva_at_address')).toBe('connectedKva')
    expect(fieldOf('/applicant/phone')).toBe('phone')
    expect(fieldOf('/enterprise')).toBe('enterprise')
    expect(fieldOf('')).toBeNull()
    expect(fieldOf('/facts')).toBeNull()
  })
  it('stand on exactly one screen each', () => {
    expect([...screens[1], ...screens[2]].sort()).toEqual(Object.keys(emptyForm()).sort())
  })
  it('that are missing hold the screen', () => {
    expect(missing(emptyForm(), 1)).toEqual(['area', 'township', 'address', 'name', 'phone'])
    expect(missing(form({ kw: null }), 2)).toEqual(['kw'])
    expect(missing(form({ kw: 0.5 }), 2)).toEqual([])
  })
  it('that cannot be meant hold it too, and are not called missing', () => {
    for (const kw of [-3, 0, 1_000_001]) {
      expect(missing(form({ kw }), 2)).toEqual([])
      expect(wrong(form({ kw }), 2)).toEqual(['kw'])
    }
    for (const kw of [0.5, 1_000_000, null]) expect(wrong(form({ kw }), 2)).toEqual([])
    for (const phone of ['1234', 'none', '+86 (1)']) expect(wrong(form({ phone }), 1)).toEqual(['phone'])
    for (const phone of ['', '95598', '+86 138-0000-0001', '（0535）6000000']) expect(wrong(form({ phone }), 1)).toEqual([])
    expect(plainPhone('+86 138-0000-0001')).toBe('13800000001')
    expect(plainPhone('8612345')).toBe('8612345')
  })
})

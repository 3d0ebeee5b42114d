import { expect, it } from 'vitest'
import type { Decision } from '../api/types'
import zh from '../i18n/zh'
import { changeKey, gains } from './better'

// What the program may name, see src/policy/neighbours.cpp; each has its words.
const named: [string, (boolean | number | string)[]][] = [
  ['/requested_kw', [160]], ['/sources', [1]], ['/self_built', [true, false]], ['/commitment_conditions_met', [true, false]],
  ['/enterprise/business_licence', [true]], ['/enterprise/registered_address_is_supply_address', [true]],
  ['/enterprise/direct_supply', [true]], ['/enterprise/tariff', ['general_commercial']], ['/route/road', ['none', 'urban_other']],
  ['/route/reroutes_highway', [false]], ['/route/occupies_green', [false]], ['/route/trees', ['none', 'ordinary']],
  ['/route/interested_party', [false]],
]
it.each(named)('has words for %s', (pointer, values) => {
  for (const value of values) {
    const words = changeKey({ pointer, value }).split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], zh)
    expect(words, `${pointer} ${value}`).toBeTypeOf('string')
  }
})

const decision = (over: object) =>
  ({ target_wd: 10, permit: 'ordinary', investment: { boundary: 'ownership_point', user_cost_fen: null }, documents: { acceptance: ['a', 'b'] }, ...over }) as unknown as Decision
it('names what is better, and only that', () => {
  const from = decision({})
  expect(gains(decision({}), from)).toEqual([])
  expect(gains(decision({ target_wd: 3, investment: { boundary: 'meter', user_cost_fen: 0 } }), from)).toEqual([{ id: 'days', n: 3 }, { id: 'free', n: 0 }])
  expect(gains(decision({ permit: 'exempt', documents: { acceptance: ['a'] } }), from)).toEqual([{ id: 'permit_exempt', n: 0 }, { id: 'papers', n: 1 }])
})

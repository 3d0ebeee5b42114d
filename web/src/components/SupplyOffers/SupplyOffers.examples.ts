import { examplesOf } from '../../gallery/examples'
import SupplyOffers from './SupplyOffers.vue'

const fits = { fits: true, public_line: true, route_m: 320, cost_utility_yuan: 0, cost_user_yuan: 96000, substation: '示例变电站甲' }
const broken = { node: '示例线 7 号杆', fits: false, public_line: true, route_m: 180, cost_utility_yuan: 0, cost_user_yuan: 54000, breaks: { limit: 'overload' as const, element: '示例线 2–3 号杆' } }
const candidates = [
  { ...fits, node: '示例线 9 号杆', route: 'road' as const },
  { ...fits, node: '示例变电站乙母线', public_line: false, route_m: 1450, cost_user_yuan: 435000, substation: '示例变电站乙' },
  broken,
]

export default examplesOf(SupplyOffers, [
  { name: 'points that fit', props: { modelValue: '示例线 9 号杆', sources: 1, answer: { candidates, pairs: [], cures: [] } } },
  { name: 'two sources', props: { modelValue: '', sources: 2, answer: { candidates, pairs: [[0, 1]], cures: [] } } },
  { name: 'nothing fits', props: { modelValue: '', sources: 1, answer: { candidates: [broken], pairs: [], cures: [{ kind: 'reinforce', need_mva: 4.2 }], whitelist: 'micro_beyond_capacity' } } },
  { name: 'out of reach', props: { modelValue: '', sources: 1, answer: { candidates: [], pairs: [], cures: [{ kind: 'new_line', need_mva: 0.1 }], whitelist: 'outside_planned_grid' } } },
  { name: 'for the whitelist', props: { modelValue: '', sources: 1, finding: true, answer: { candidates, pairs: [], cures: [] } } },
])

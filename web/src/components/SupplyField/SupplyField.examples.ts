import { examplesOf } from '../../gallery/examples'
import SupplyField from './SupplyField.vue'

const question = { kw: 400, voltage: '10kv', sources: 1, important: false, boundary: 'ownership_point' } as const

export default examplesOf(SupplyField, [
  { name: 'not asked yet', props: { label: '按电网计算接入点', question } },
  { name: 'refused', props: { label: '按电网计算接入点', question, error: '所选接入点不在可行方案之内' } },
])

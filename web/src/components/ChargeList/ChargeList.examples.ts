import { examplesOf } from '../../gallery/examples'
import { aCase } from '../../gallery/fixtures'
import ChargeList from './ChargeList.vue'

const noted = { id: '1', item: 'METER-BOX', in_catalogue: true, fen: 8000, state: 'noted' as const, account: 'li', account_name: '李示例', noted_at: '2021-11-16T10:00:00.000+08:00', settled_name: null, settled_at: null, reason: '' }
const settled = { settled_name: '王示例', settled_at: '2021-11-16T15:00:00.000+08:00' }
const charges = [noted, { ...noted, ...settled, id: '2', in_catalogue: false, state: 'confirmed' as const }, { ...noted, ...settled, id: '3', state: 'dropped' as const, reason: '重复登记' }]
const action = (id: 'confirm_charge' | 'drop_charge') => ({ ...aCase.actions[0]!, id, fields: [] })

export default examplesOf(ChargeList, [
  { name: 'as the customer sees them', props: { of: { ...aCase, charges } } },
  { name: 'at the desk, one to be confirmed', props: { of: { ...aCase, charges, actions: [action('confirm_charge'), action('drop_charge')] }, desk: true } },
])

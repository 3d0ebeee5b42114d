import { examplesOf } from '../../gallery/examples'
import SecondFactor from './SecondFactor.vue'

const account = { user: 'li', name: '李示例', roles: ['clerk'], areas: [], enterprises: [], sessions: [] }

export default examplesOf(SecondFactor, [
  { name: 'off', props: { account: { ...account, second_factor: { active: false, required: false, recovery_codes_left: 0 } } } },
  { name: 'on', props: { account: { ...account, second_factor: { active: true, required: true, recovery_codes_left: 8 } } } },
])

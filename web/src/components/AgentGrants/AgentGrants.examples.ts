import { examplesOf } from '../../gallery/examples'
import AgentGrants from './AgentGrants.vue'

export default examplesOf(AgentGrants, [
  { name: 'of a customer signed in by phone' },
])

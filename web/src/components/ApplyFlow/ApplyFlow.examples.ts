import { examplesOf } from '../../gallery/examples'
import ApplyFlow from './ApplyFlow.vue'

export default examplesOf(ApplyFlow, [
  { name: 'online', props: { channel: 'online' } },
  { name: 'at the counter', props: { channel: 'counter' } },
])

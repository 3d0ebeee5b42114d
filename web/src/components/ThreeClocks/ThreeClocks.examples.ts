import { examplesOf } from '../../gallery/examples'
import { clocks } from '../../gallery/fixtures'
import ThreeClocks from './ThreeClocks.vue'

export default examplesOf(ThreeClocks, [
  { name: 'on time', props: { clocks: clocks('on_time') } },
  { name: 'overdue', props: { clocks: clocks('overdue') } },
  { name: 'with the customer', props: { clocks: clocks('stopped') } },
])

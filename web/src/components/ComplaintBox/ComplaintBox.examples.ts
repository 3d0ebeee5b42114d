import { examplesOf } from '../../gallery/examples'
import ComplaintBox from './ComplaintBox.vue'

export default examplesOf(ComplaintBox, [
  { name: 'of a case', props: { number: 'TD211115-7KQ4MX' } },
  { name: 'at the desk', props: { number: 'TD211115-7KQ4MX', staff: true } },
  { name: 'about no case', props: {} },
])

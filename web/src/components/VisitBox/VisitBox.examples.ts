import { examplesOf } from '../../gallery/examples'
import VisitBox from './VisitBox.vue'

export default examplesOf(VisitBox, [
  { name: 'of a case', props: { number: 'TD211115-7KQ4MX' } },
  { name: 'at the desk', props: { number: 'TD211115-7KQ4MX', staff: true } },
])

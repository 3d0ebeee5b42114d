import { examplesOf } from '../../gallery/examples'
import HumanReview from './HumanReview.vue'

export default examplesOf(HumanReview, [
  { name: 'of a case', props: { number: 'TD211115-7KQ4MX' } },
])

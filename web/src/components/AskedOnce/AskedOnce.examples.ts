import { examplesOf } from '../../gallery/examples'
import { aCase } from '../../gallery/fixtures'
import AskedOnce from './AskedOnce.vue'

export default examplesOf(AskedOnce, [
  { name: 'one document is missing', props: { asked: aCase.asked } },
])

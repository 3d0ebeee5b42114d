import { examplesOf } from '../../gallery/examples'
import DemoBanner from './DemoBanner.vue'

export default examplesOf(DemoBanner, [
  { name: 'of a demo', frame: true },
])

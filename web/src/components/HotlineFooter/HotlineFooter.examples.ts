import { examplesOf } from '../../gallery/examples'
import HotlineFooter from './HotlineFooter.vue'

export default examplesOf(HotlineFooter, [
  { name: 'both hotlines', frame: true },
])

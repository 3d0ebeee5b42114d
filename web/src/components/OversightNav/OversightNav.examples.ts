import { examplesOf } from '../../gallery/examples'
import OversightNav from './OversightNav.vue'

export default examplesOf(OversightNav, [
  { name: 'of those who oversee' },
])

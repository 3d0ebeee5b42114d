import { examplesOf } from '../../gallery/examples'
import BrokenPage from './BrokenPage.vue'

export default examplesOf(BrokenPage, [
  { name: 'a page that did not load' },
])

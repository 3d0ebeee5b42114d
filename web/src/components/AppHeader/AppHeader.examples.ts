import { examplesOf } from '../../gallery/examples'
import AppHeader from './AppHeader.vue'

export default examplesOf(AppHeader, [
  { name: 'the head of every page', frame: true },
])

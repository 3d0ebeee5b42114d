import { examplesOf } from '../../gallery/examples'
import ClauseSheet from './ClauseSheet.vue'

export default examplesOf(ClauseSheet, [
  { name: 'closed until a clause is asked for', frame: true },
])

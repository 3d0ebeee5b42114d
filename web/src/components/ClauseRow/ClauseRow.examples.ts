import { examplesOf } from '../../gallery/examples'
import ClauseRow from './ClauseRow.vue'

export default examplesOf(ClauseRow, [
  { name: 'a few', props: { clauses: ['一·省时', '一·省钱'] } },
  { name: 'many', props: { clauses: ['一·省时', '一·省钱', '一·材料', '二·一', '二·二', '二·三', '二·四'] } },
])

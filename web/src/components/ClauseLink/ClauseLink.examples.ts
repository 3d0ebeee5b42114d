import { examplesOf } from '../../gallery/examples'
import ClauseLink from './ClauseLink.vue'

export default examplesOf(ClauseLink, [
  { name: 'a clause', props: { id: '一·省时' } },
])

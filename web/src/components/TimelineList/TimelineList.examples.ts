import { examplesOf } from '../../gallery/examples'
import { aCase } from '../../gallery/fixtures'
import TimelineList from './TimelineList.vue'

export default examplesOf(TimelineList, [
  { name: 'newest first', props: { entries: aCase.timeline } },
])

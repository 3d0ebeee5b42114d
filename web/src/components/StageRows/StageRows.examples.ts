import { examplesOf } from '../../gallery/examples'
import { stages } from '../../gallery/fixtures'
import StageRows from './StageRows.vue'

export default examplesOf(StageRows, [
  { name: 'two stages', props: { stages, calendarLoaded: true } },
  { name: 'late, no calendar', props: { stages: stages.map((one) => ({ ...one, late: true, due_on: null })), calendarLoaded: false } },
])

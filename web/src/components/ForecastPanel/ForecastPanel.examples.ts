import { examplesOf } from '../../gallery/examples'
import { aCase } from '../../gallery/fixtures'
import ForecastPanel from './ForecastPanel.vue'

export default examplesOf(ForecastPanel, [
  { name: 'before an answer', props: { of: aCase } },
])

import { examplesOf } from '../../gallery/examples'
import { decision, slower } from '../../gallery/fixtures'
import DecisionView from './DecisionView.vue'

export default examplesOf(DecisionView, [
  { name: 'four-zero', props: { decision } },
  { name: 'slower, with what is not met', props: { decision: slower } },
  { name: 'compact', props: { decision, compact: true } },
])

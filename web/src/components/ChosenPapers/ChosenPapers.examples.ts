import { examplesOf } from '../../gallery/examples'
import { decision } from '../../gallery/fixtures'
import ChosenPapers from './ChosenPapers.vue'

export default examplesOf(ChosenPapers, [
  { name: 'on the own phone', props: { decision, shelf: 'example', lasting: true } },
  { name: 'at the counter', props: { decision, shelf: 'example', lasting: false } },
])

import { examplesOf } from '../../gallery/examples'
import TrackForm from './TrackForm.vue'

export default examplesOf(TrackForm, [
  { name: 'empty' },
  { name: 'the number is known', props: { number: 'TD211115-7KQ4MX' } },
])

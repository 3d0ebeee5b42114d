import { examplesOf } from '../../gallery/examples'
import { aCase } from '../../gallery/fixtures'
import PersonNote from './PersonNote.vue'

export default examplesOf(PersonNote, [
  { name: 'a copy to take', props: { of: aCase, copy: true } },
  { name: 'nothing to take', props: { of: aCase, copy: false } },
])

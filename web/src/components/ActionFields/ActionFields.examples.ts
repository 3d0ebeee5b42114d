import { examplesOf } from '../../gallery/examples'
import { aCase } from '../../gallery/fixtures'
import ActionFields from './ActionFields.vue'

export default examplesOf(ActionFields, [
  { name: 'documents to tick', props: { action: aCase.actions[0], modelValue: {}, problem: null } },
  { name: 'words', props: { action: aCase.actions[1], modelValue: {}, problem: null } },
  { name: 'one reason', props: { action: aCase.actions[2], modelValue: {}, problem: null } },
])

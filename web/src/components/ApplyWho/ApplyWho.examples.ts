import { reactive } from 'vue'
import { examplesOf } from '../../gallery/examples'
import { emptyForm } from '../../lib/facts'
import ApplyWho from './ApplyWho.vue'

export default examplesOf(ApplyWho, [
  { name: 'a household', props: { form: reactive(emptyForm()), errors: {} } },
  { name: 'something is missing', props: { form: reactive(emptyForm()), errors: { name: '请填写这一项', phone: '请填写这一项' } } },
])

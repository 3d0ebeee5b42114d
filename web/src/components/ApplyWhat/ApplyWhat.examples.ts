import { reactive } from 'vue'
import { examplesOf } from '../../gallery/examples'
import { firmForm } from '../../gallery/fixtures'
import { emptyForm } from '../../lib/facts'
import ApplyWhat from './ApplyWhat.vue'

export default examplesOf(ApplyWhat, [
  { name: 'a household', props: { form: reactive(emptyForm()), errors: {} } },
  { name: 'a firm at 10 kV with works', props: { form: reactive(firmForm()), errors: {} } },
  { name: 'something is missing', props: { form: reactive(emptyForm()), errors: { kw: '请填写这一项' } } },
])

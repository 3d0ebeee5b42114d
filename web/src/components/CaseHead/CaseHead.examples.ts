import { examplesOf } from '../../gallery/examples'
import { aCase, clocks } from '../../gallery/fixtures'
import CaseHead from './CaseHead.vue'

export default examplesOf(CaseHead, [
  { name: 'running', props: { of: aCase } },
  { name: 'with the customer, at the desk', props: { of: { ...aCase, state: 'with_customer', clocks: clocks('stopped') }, desk: true } },
  { name: 'the power is on', props: { of: { ...aCase, state: 'energised' } } },
])

import { examplesOf } from '../../gallery/examples'
import { aCase } from '../../gallery/fixtures'
import CaseDetails from './CaseDetails.vue'

export default examplesOf(CaseDetails, [
  { name: 'a firm', props: { of: aCase } },
])

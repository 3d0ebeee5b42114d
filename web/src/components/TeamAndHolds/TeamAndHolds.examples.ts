import { examplesOf } from '../../gallery/examples'
import { aCase } from '../../gallery/fixtures'
import TeamAndHolds from './TeamAndHolds.vue'

export default examplesOf(TeamAndHolds, [
  { name: 'a team and a hold', props: { of: aCase } },
])

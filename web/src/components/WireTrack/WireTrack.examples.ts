import { examplesOf } from '../../gallery/examples'
import { stages } from '../../gallery/fixtures'
import WireTrack from './WireTrack.vue'

export default examplesOf(WireTrack, [
  { name: 'half way', props: { stages, label: '从申请到通电' } },
  { name: 'lit, with names', props: { stages: stages.map((one) => ({ ...one, status: 'done' })), label: '从申请到通电', lit: true, names: true } },
])

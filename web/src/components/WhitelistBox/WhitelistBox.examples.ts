import { examplesOf } from '../../gallery/examples'
import { whitelistEntry, works } from '../../gallery/fixtures'
import WhitelistBox from './WhitelistBox.vue'

export default examplesOf(WhitelistBox, [
  { name: 'to be confirmed', props: { entry: whitelistEntry('proposed'), desk: true } },
  { name: 'under way, one overdue', props: { entry: whitelistEntry('under_way', { overdue: true, works }) } },
  { name: 'done', props: { entry: whitelistEntry('completed') } },
  { name: 'withdrawn', props: { entry: whitelistEntry('withdrawn') } },
])

import { examplesOf } from '../../gallery/examples'
import { rows } from '../../gallery/fixtures'
import InboxTable from './InboxTable.vue'

export default examplesOf(InboxTable, [
  { name: 'every status', props: { rows } },
  { name: 'selectable, the second is current', props: { rows, selectable: true, selected: ['TD211115-7KQ4MX'], current: 1 } },
])

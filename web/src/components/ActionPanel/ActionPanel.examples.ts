import { examplesOf } from '../../gallery/examples'
import { aCase } from '../../gallery/fixtures'
import ActionPanel from './ActionPanel.vue'

export default examplesOf(ActionPanel, [
  { name: 'what a customer may do', props: { of: aCase, empty: '—' } },
  { name: 'nothing to do', props: { of: { ...aCase, actions: [] }, empty: '—' } },
])

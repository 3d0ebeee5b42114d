import { examplesOf } from '../../gallery/examples'
import SavedFilters from './SavedFilters.vue'

export default examplesOf(SavedFilters, [
  { name: 'none yet', props: { now: { state: 'open', area: '', stage: '' } } },
])

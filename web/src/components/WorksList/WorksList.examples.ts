import { examplesOf } from '../../gallery/examples'
import { works } from '../../gallery/fixtures'
import WorksList from './WorksList.vue'

export default examplesOf(WorksList, [{ name: 'under way, late, done', props: { works } }])

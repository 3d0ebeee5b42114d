import { examplesOf } from '../../gallery/examples'
import { decision, slower } from '../../gallery/fixtures'
import BetterAnswers from './BetterAnswers.vue'

export default examplesOf(BetterAnswers, [
  { name: 'two ways', props: { than: slower, better: [{ changes: [{ pointer: '/enterprise/business_licence', value: true }], decision }, { changes: [{ pointer: '/requested_kw', value: 160 }, { pointer: '/route/road', value: 'none' }], decision }] } },
])

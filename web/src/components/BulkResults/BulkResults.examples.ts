import { examplesOf } from '../../gallery/examples'
import BulkResults from './BulkResults.vue'

export default examplesOf(BulkResults, [
  { name: 'each its own', props: { results: [{ number: 'TD1', status: 'done', detail: '', detail_en: '' }, { number: 'TD2', status: 'refused', detail: '案件正在客户手中', detail_en: 'the customer holds the case' }, { number: 'TD3', status: 'not_offered', detail: '', detail_en: '' }, { number: 'TD4', status: 'waiting', detail: '', detail_en: '' }] } },
])

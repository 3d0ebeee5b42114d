import { examplesOf } from '../../gallery/examples'
import { aCase } from '../../gallery/fixtures'
import DocumentList from './DocumentList.vue'

export default examplesOf(DocumentList, [
  { name: 'asked for and there', props: { documents: aCase.documents } },
])

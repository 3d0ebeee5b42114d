import { examplesOf } from '../../gallery/examples'
import { aCase } from '../../gallery/fixtures'
import PaperFiles from './PaperFiles.vue'

const file = { id: 'f1', document: aCase.documents[0]!.id, name: aCase.documents[0]!.name, type: 'image/jpeg', size: 250_000, digest: '00', at: '2021-11-15T09:30:00+08:00' }
export default examplesOf(PaperFiles, [
  { name: 'a paper may be sent', props: { of: { ...aCase, papers_wanted: [aCase.documents[0]!.id], files: [] } } },
  { name: 'one was handed in, another may follow', props: { of: { ...aCase, papers_wanted: [aCase.documents[0]!.id], files: [file] } } },
  { name: 'nothing is needed', props: { of: { ...aCase, papers_wanted: [], files: [] } } },
  { name: 'the person is erased', props: { of: { ...aCase, papers_wanted: [], files: [file], person: { ...aCase.person, erased_at: '2021-12-01T09:00:00+08:00' } } } },
])

import { localProblem } from '../../api/problem'
import { examplesOf } from '../../gallery/examples'
import { problem } from '../../gallery/fixtures'
import ProblemNote from './ProblemNote.vue'

export default examplesOf(ProblemNote, [
  { name: 'a refusal with its clause', props: { problem } },
  { name: 'no network, to be tried again', props: { problem: localProblem('web.unreachable'), retry: () => undefined } },
])

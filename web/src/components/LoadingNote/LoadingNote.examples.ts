import { examplesOf } from '../../gallery/examples'
import LoadingNote from './LoadingNote.vue'

export default examplesOf(LoadingNote, [
  { name: 'plain' },
  { name: 'with its own words', props: { text: '正在按政策计算' } },
])

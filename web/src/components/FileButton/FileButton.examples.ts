import { examplesOf } from '../../gallery/examples'
import FileButton from './FileButton.vue'

export default examplesOf(FileButton, [
  { name: 'to choose a paper', props: { label: '为“身份证明”选择文件' } },
  { name: 'one is being sent', props: { label: '为“身份证明”选择文件', disabled: true } },
])

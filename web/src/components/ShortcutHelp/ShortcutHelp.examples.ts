import { examplesOf } from '../../gallery/examples'
import ShortcutHelp from './ShortcutHelp.vue'

export default examplesOf(ShortcutHelp, [
  { name: 'closed until ? is pressed', props: { keys: [{ key: 'j', does: '下一行' }] }, frame: true },
])

import { examplesOf } from '../../gallery/examples'
import SheetTable from './SheetTable.vue'

export default examplesOf(SheetTable, [
  { name: 'with a caption', props: { label: '示例', columns: ['类别', '件数'], caption: '计入' } },
  { name: 'rows alone', props: { label: '另一示例' } },
])

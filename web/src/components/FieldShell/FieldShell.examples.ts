import { examplesOf } from '../../gallery/examples'
import FieldShell from './FieldShell.vue'

export default examplesOf(FieldShell, [
  { name: 'with a hint', props: { label: '用电地址', hint: '写到楼栋、单元、门牌', optional: true, group: true }, slot: '—' },
  { name: 'wrong', props: { label: '用电地址', error: '请填写这一项', group: true }, slot: '—' },
])

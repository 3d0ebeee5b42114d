import { examplesOf } from '../../gallery/examples'
import TextField from './TextField.vue'

export default examplesOf(TextField, [
  { name: 'text', props: { modelValue: '', label: '用电地址', hint: '写到楼栋、单元、门牌' } },
  { name: 'number', props: { modelValue: 8, type: 'number', label: '千瓦', min: 0 } },
  { name: 'area', props: { modelValue: '', type: 'area', label: '说明', optional: true } },
  { name: 'wrong', props: { modelValue: '', type: 'tel', label: '手机号', error: '请填写这一项' } },
])

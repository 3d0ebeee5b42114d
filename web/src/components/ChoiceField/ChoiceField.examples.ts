import { examplesOf } from '../../gallery/examples'
import ChoiceField from './ChoiceField.vue'

export default examplesOf(ChoiceField, [
  { name: 'two tiles', props: { modelValue: 'a', label: '谁用电', options: [{ id: 'a', name: '个人家庭' }, { id: 'b', name: '企业或单位' }] } },
  { name: 'in rows, and wrong', props: { modelValue: 'a', rows: true, error: '请选择', label: '原因', options: [{ id: 'a', name: '一' }, { id: 'b', name: '二' }] } },
])

import { examplesOf } from '../../gallery/examples'
import SelectField from './SelectField.vue'

export default examplesOf(SelectField, [
  { name: 'nothing chosen', props: { modelValue: '', label: '区（市）', options: [{ id: 'a', name: '海东区' }] } },
  { name: 'wrong', props: { modelValue: '', label: '区（市）', error: '请选择', options: [] } },
  { name: 'disabled', props: { modelValue: '', label: '镇（街道）', disabled: true, options: [] } },
])

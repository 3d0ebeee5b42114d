import { examplesOf } from '../../gallery/examples'
import CheckField from './CheckField.vue'

export default examplesOf(CheckField, [
  { name: 'off', props: { modelValue: false, label: '是否重要客户', hint: '断电会危及人身安全' } },
  { name: 'on, and wrong', props: { modelValue: true, label: '是否重要客户', error: '请核对' } },
])

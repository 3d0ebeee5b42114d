import { examplesOf } from '../../gallery/examples'
import StarField from './StarField.vue'

export default examplesOf(StarField, [
  { name: 'unrated', props: { modelValue: null, label: '评分', count: 5 } },
  { name: 'four', props: { modelValue: 4, label: '评分', count: 5 } },
])

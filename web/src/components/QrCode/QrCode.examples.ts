import { examplesOf } from '../../gallery/examples'
import QrCode from './QrCode.vue'

export default examplesOf(QrCode, [
  { name: 'an address', props: { text: 'http://127.0.0.1/track', label: '查进度' } },
])

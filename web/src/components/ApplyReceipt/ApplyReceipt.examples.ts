import { examplesOf } from '../../gallery/examples'
import { receipt, receiptCase } from '../../gallery/fixtures'
import ApplyReceipt from './ApplyReceipt.vue'

export default examplesOf(ApplyReceipt, [
  { name: 'applied online', props: { receipt, channel: 'online' } },
  { name: 'a likely duplicate', props: { receipt: { ...receipt, case: { ...receiptCase, duplicates: ['TD211114-*****'] } }, channel: 'counter' } },
])

import { examplesOf } from '../../gallery/examples'
import { decision, receiptCase } from '../../gallery/fixtures'
import ReceiptSheet from './ReceiptSheet.vue'

export default examplesOf(ReceiptSheet, [
  { name: 'on paper', props: { of: receiptCase, decision } },
])

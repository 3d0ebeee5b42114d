import { examplesOf } from '../../gallery/examples'
import StatusTag from './StatusTag.vue'

export default examplesOf(StatusTag, [
  { name: 'on time', props: { status: 'on_time' } },
  { name: 'warned', props: { status: 'warned' } },
  { name: 'overdue', props: { status: 'overdue' } },
  { name: 'breached', props: { status: 'breached' } },
  { name: 'stopped', props: { status: 'stopped' } },
])

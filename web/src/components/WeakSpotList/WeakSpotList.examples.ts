import { examplesOf } from '../../gallery/examples'
import WeakSpotList from './WeakSpotList.vue'

const spots = [
  { kind: 'repeated_faults', element: 'S01-F07-L01', node: 'S01-F07-P01', feeder: 'S01-F07-CB', customers: 1208, worst: 3, limit: 3, hours: 0, hour: 0 },
  { kind: 'overload', element: 'S01-F02-L02', node: 'S01-F02-P02', feeder: 'S01-F02-CB', customers: 640, worst: 1.12, limit: 1, hours: 31, hour: 3896 },
  { kind: 'low_voltage', element: 'S33-F05-D33', node: 'S33-F05-D33', customers: 41, worst: 0.9282, limit: 0.93, hours: 22, hour: 4954 },
]
export default examplesOf(WeakSpotList, [
  { name: 'one of each kind, of more', props: { found: { computed: true, made_up: true, total: 240, weak_spots: spots } } },
  { name: 'none', props: { found: { computed: true, made_up: true, total: 0, weak_spots: [] } } },
  { name: 'being worked out', props: { found: { computed: false, made_up: true, total: 0, weak_spots: [] } } },
])

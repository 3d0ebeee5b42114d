import { examplesOf } from '../../gallery/examples'
import CapacityMap from './CapacityMap.vue'

const map = {
  network: 'made-up',
  made_up: true,
  network_digest: 'a'.repeat(64),
  standards_digest: 'b'.repeat(64),
  computed: true,
  cell: { longitude: 0.0057, latitude: 0.0045 },
  cells: [
    { longitude: 121.4, latitude: 37.5, lv_kw: 0, mv_kw: 0 },
    { longitude: 121.41, latitude: 37.5, lv_kw: 40, mv_kw: 400 },
    { longitude: 121.42, latitude: 37.51, lv_kw: 120, mv_kw: 1500 },
    { longitude: 121.44, latitude: 37.52, lv_kw: 300, mv_kw: null },
  ],
}
const substations = [
  { name: '示例变电站甲', longitude: 121.4, latitude: 37.505 },
  { name: '示例变电站乙', longitude: 121.46, latitude: 37.52 },
]

export default examplesOf(CapacityMap, [
  { name: 'the city', props: { map, substations } },
  { name: 'with a place', props: { map, substations, place: { longitude: 121.42, latitude: 37.51 }, places: [] } },
])

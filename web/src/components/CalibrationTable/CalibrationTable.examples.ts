import { examplesOf } from '../../gallery/examples'
import CalibrationTable from './CalibrationTable.vue'

export default examplesOf(CalibrationTable, [
  { name: 'two ranges', props: { calibration: { cases: 12, brier: 0.1, brier_of_base_rate: 0.2, bins: [{ from: 0.5, to: 0.75, cases: 4, promised: 0.7, kept: 0.75 }, { from: 0.75, to: 1, cases: 8, promised: 0.9, kept: 1 }] } } },
  { name: 'nothing yet', props: { calibration: { cases: 0, brier: 0, brier_of_base_rate: 0, bins: [] } } },
])

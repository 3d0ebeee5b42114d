import { examplesOf } from '../../gallery/examples'
import CalendarFile from './CalendarFile.vue'

const rows = 'date,name,kind\n2027-01-01,元旦,off\n'
export default examplesOf(CalendarFile, [
  { name: 'a further year', props: { content: { area: '', rows, last_day: '2027-12-31', last_day_now: '2026-12-31', turned: [], turned_days: 0 } } },
  { name: 'a correction of days that count already', props: { content: { area: '370602', rows, last_day: '2026-12-31', last_day_now: '2026-12-31', turned: [{ date: '2026-10-08', working: false }], turned_days: 2 } } },
])

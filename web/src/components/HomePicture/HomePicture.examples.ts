import { examplesOf } from '../../gallery/examples'
import HomePicture from './HomePicture.vue'

export default examplesOf(HomePicture, [
  { name: 'the way to the light' },
])

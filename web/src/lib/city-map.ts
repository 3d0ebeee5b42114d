// A small piece of the earth on a flat picture: degrees to the picture's units and back. East–west is shortened by the cosine of the
// middle latitude, which is good to a thousandth over a city.

export interface Place {
  longitude: number
  latitude: number
}

export interface Picture {
  width: number
  height: number
  x: (longitude: number) => number
  y: (latitude: number) => number
  /** The place under a point of the picture, to about a metre. */
  place: (x: number, y: number) => Place
}

const kmOfADegree = 111.32

/** All of these places, with a margin; nothing where there are none. */
export function pictureOf(places: readonly Place[], width: number, margin = 0.06): Picture | undefined {
  const finite = places.filter((each) => Number.isFinite(each.longitude) && Number.isFinite(each.latitude))
  if (!finite.length) return undefined
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const { longitude, latitude } of finite) {
    west = Math.min(west, longitude)
    east = Math.max(east, longitude)
    south = Math.min(south, latitude)
    north = Math.max(north, latitude)
  }
  return picture(west, east, south, north, width, margin)
}

/** A square of so many kilometres each way around a place. */
export function pictureAround(place: Place, km: number, width: number): Picture {
  const high = km / kmOfADegree
  const wide = high / Math.cos((place.latitude * Math.PI) / 180)
  return picture(place.longitude - wide, place.longitude + wide, place.latitude - high, place.latitude + high, width, 0)
}

function picture(west: number, east: number, south: number, north: number, width: number, margin: number): Picture {
  const shortened = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const least = 1 / kmOfADegree // one place alone still gets a kilometre
  const wide = Math.max((east - west) * shortened, least)
  const high = Math.max(north - south, least)
  const room = Math.max(wide, high) * margin
  // Never higher than wide: what is tall and narrow has room at its sides.
  const scale = width / (Math.max(wide, high) + 2 * room)
  const height = (high + 2 * room) * scale
  const [middleX, middleY] = [(west + east) / 2, (south + north) / 2]
  const round = (degrees: number) => Math.round(degrees * 1e5) / 1e5
  return {
    width,
    height,
    x: (longitude) => width / 2 + (longitude - middleX) * shortened * scale,
    y: (latitude) => height / 2 - (latitude - middleY) * scale,
    place: (x, y) => ({
      longitude: round(middleX + (x - width / 2) / (shortened * scale)),
      latitude: round(middleY - (y - height / 2) / scale),
    }),
  }
}

export type Voltage = 'lv' | '10kv'

/** Where a class of open capacity begins, in kW. 160 kW is how much comes by low voltage under the four-zero service (三(三)1). */
export const classes: Record<Voltage, readonly number[]> = { lv: [0, 1, 50, 160], '10kv': [0, 1, 500, 2000] }

/** 0: nothing more; 3: the most. */
export const classOf = (kw: number, voltage: Voltage) => classes[voltage].filter((from) => kw >= from).length - 1

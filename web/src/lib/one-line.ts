// A feeder as a one-line diagram: a column for each step away from the busbar, a row for each end, the longest way straight on; and as it
// lies on the map.
import type { FeederElement } from '../api/types'
import { pictureOf } from './city-map'

export interface Spot {
  element: FeederElement
  x: number
  y: number
  path: string
}

const step = 34
const row = 16
const margin = 14

export interface Layout {
  spots: Spot[]
  width: number
  height: number
}

/** `elements` as the interface gives them: parents first, `parent` a place in the list or -1. */
export function layOut(elements: FeederElement[]): Layout {
  const children: number[][] = elements.map(() => [])
  const reach = elements.map(() => 0)
  for (let i = elements.length - 1; i >= 0; --i) {
    const parent = elements[i]!.parent
    if (parent < 0) continue
    children[parent]!.unshift(i)
    reach[parent] = Math.max(reach[parent]!, reach[i]! + 1)
  }
  const x = elements.map(() => 0)
  const y = elements.map(() => 0)
  let rows = 0
  const place = (top: number) => {
    // By hand and not by recursion: a feeder may be thousands of steps long.
    const waiting: [number, number][] = [[top, 0]]
    while (waiting.length) {
      const [i, depth] = waiting.pop()!
      x[i] = depth
      y[i] = rows
      const own = [...children[i]!].sort((a, b) => reach[a]! - reach[b]!)
      if (!own.length) ++rows
      for (const child of own) waiting.push([child, depth + 1])
    }
  }
  elements.forEach((each, i) => each.parent < 0 && place(i))
  const at = (i: number) => ({ x: margin + x[i]! * step, y: margin + y[i]! * row })
  const spots = elements.map((element, i) => {
    const here = at(i)
    const from = element.parent < 0 ? here : at(element.parent)
    return { element, ...here, path: `M${from.x} ${from.y}V${here.y}H${here.x}` }
  })
  return { spots, width: 2 * margin + Math.max(0, ...x) * step, height: 2 * margin + Math.max(0, rows - 1) * row }
}

/** The same where the nodes stand; one whose place is not known stands at its parent's. Nothing where none is known. */
export function layOutMap(elements: FeederElement[], width = 960): Layout | undefined {
  const places: { longitude: number; latitude: number }[] = []
  for (const each of elements) {
    const above = places[each.parent]
    places.push({ longitude: each.longitude ?? above?.longitude ?? NaN, latitude: each.latitude ?? above?.latitude ?? NaN })
  }
  const picture = pictureOf(places, width)
  if (!picture) return undefined
  const at = (i: number) => ({ x: picture.x(places[i]!.longitude), y: picture.y(places[i]!.latitude) })
  const spots = elements.flatMap((element, i) => {
    const here = at(i)
    if (!Number.isFinite(here.x)) return []
    const from = element.parent < 0 || !Number.isFinite(at(element.parent).x) ? here : at(element.parent)
    return [{ element, ...here, path: `M${from.x} ${from.y}L${here.x} ${here.y}` }]
  })
  return { spots, width: picture.width, height: picture.height }
}

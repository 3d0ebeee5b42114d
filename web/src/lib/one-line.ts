// A feeder as a one-line diagram: a column for each step away from the busbar, a row for each end, the longest way straight on.
import type { FeederElement } from '../api/types'

export interface Spot {
  element: FeederElement
  x: number
  y: number
  path: string
}

const step = 34
const row = 16
const margin = 14

/** `elements` as the interface gives them: parents first, `parent` a place in the list or -1. */
export function layOut(elements: FeederElement[]): { spots: Spot[]; width: number; height: number } {
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

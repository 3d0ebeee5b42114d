import { expect, it } from 'vitest'
import type { FeederElement } from '../api/types'
import { layOut, layOutMap } from './one-line'

const element = (node: string, parent: number): FeederElement => ({ node, parent, voltage_kv: 10, lowest_pu: 1, limit_pu: 0.93, share: 0, kw: 0 })

it('gives every end a row of its own and every step a column', () => {
  // a – b – c – d, with e beside c
  const { spots } = layOut([element('a', -1), element('b', 0), element('c', 1), element('d', 2), element('e', 1)])
  const at = Object.fromEntries(spots.map((spot) => [spot.element.node, spot]))
  expect(at.a!.x).toBeLessThan(at.b!.x)
  expect(at.c!.x).toBe(at.e!.x)
  expect(at.d!.y).toBe(at.a!.y) // the longest way goes straight on
  expect(at.e!.y).toBeGreaterThan(at.d!.y)
  expect(new Set(spots.map((spot) => `${spot.x},${spot.y}`)).size).toBe(spots.length)
})
it('stands a feeder of ten thousand steps', () => {
  const long = Array.from({ length: 10_000 }, (_, i) => element(String(i), i - 1))
  expect(layOut(long).spots).toHaveLength(10_000)
})
it('has nothing to draw of nothing', () => {
  expect(layOut([]).spots).toEqual([])
})
it('lays a feeder on the map: north is up, and who has no place stands at its parent', () => {
  const placed = (node: string, parent: number, longitude: number, latitude: number) => ({ ...element(node, parent), longitude, latitude })
  const { spots } = layOutMap([placed('a', -1, 121.4, 37.5), placed('b', 0, 121.41, 37.52), element('c', 1)])!
  const at = Object.fromEntries(spots.map((spot) => [spot.element.node, spot]))
  expect(at.b!.x).toBeGreaterThan(at.a!.x)
  expect(at.b!.y).toBeLessThan(at.a!.y)
  expect([at.c!.x, at.c!.y]).toEqual([at.b!.x, at.b!.y])
})
it('has no map of a feeder without places', () => {
  expect(layOutMap([element('a', -1)])).toBeUndefined()
})

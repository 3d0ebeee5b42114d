import { describe, expect, it } from 'vitest'
import { classOf, pictureAround, pictureOf } from './city-map'

const yantai = [
  { longitude: 120.48, latitude: 37.38 },
  { longitude: 121.68, latitude: 37.83 },
]

describe('a city on a picture', () => {
  it('holds every place, north above south, west left of east', () => {
    const p = pictureOf(yantai, 1000)!
    for (const { longitude, latitude } of yantai) {
      expect(p.x(longitude)).toBeGreaterThan(0)
      expect(p.x(longitude)).toBeLessThan(p.width)
      expect(p.y(latitude)).toBeGreaterThan(0)
      expect(p.y(latitude)).toBeLessThan(p.height)
    }
    expect(p.x(120.48)).toBeLessThan(p.x(121.68))
    expect(p.y(37.83)).toBeLessThan(p.y(37.38))
  })
  it('gives the place back under a point', () => {
    for (const p of [pictureOf(yantai, 1000)!, pictureAround(yantai[0]!, 5, 300)]) {
      const there = p.place(p.x(121.0001), p.y(37.5002))
      expect(there.longitude).toBeCloseTo(121.0001, 4)
      expect(there.latitude).toBeCloseTo(37.5002, 4)
    }
  })
  it('is as wide in kilometres as it is high', () => {
    const p = pictureAround({ longitude: 121, latitude: 37.5 }, 5, 1000)
    expect(p.height).toBeCloseTo(1000, 6)
    const [kmEast, kmNorth] = [0.01 * 111.32 * Math.cos((37.5 * Math.PI) / 180), 0.01 * 111.32]
    expect((p.x(121.01) - p.x(121)) / kmEast).toBeCloseTo((p.y(37.5) - p.y(37.51)) / kmNorth, 3)
  })
  it('stands with one place, and is not there without any', () => {
    expect(pictureOf([yantai[0]!], 100)!.x(120.48)).toBe(50)
    expect(pictureOf([], 100)).toBeUndefined()
    expect(pictureOf([{ longitude: NaN, latitude: 37 }], 100)).toBeUndefined()
  })
})

describe('classes of open capacity', () => {
  it.each([
    [0, 'lv', 0],
    [1, 'lv', 1],
    [159, 'lv', 2],
    [160, 'lv', 3],
    [160, '10kv', 1],
    [2000, '10kv', 3],
    [20000, '10kv', 3],
  ] as const)('%d kW at %s', (kw, voltage, expected) => expect(classOf(kw, voltage)).toBe(expected))
})
it('shows all of what is taller than wide', () => {
  const { y, x, width, height } = pictureOf([{ longitude: 121.4, latitude: 37.4 }, { longitude: 121.41, latitude: 37.6 }], 600)!
  expect(height).toBeLessThanOrEqual(width)
  for (const [longitude, latitude] of [[121.4, 37.4], [121.41, 37.6]] as const) {
    expect(y(latitude)).toBeGreaterThanOrEqual(0)
    expect(y(latitude)).toBeLessThanOrEqual(height)
    expect(x(longitude)).toBeGreaterThanOrEqual(0)
    expect(x(longitude)).toBeLessThanOrEqual(width)
  }
})

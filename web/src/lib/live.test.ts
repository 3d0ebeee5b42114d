// Live pages with a stream, without one, and with one that does not come through.
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import { pollEvery, useLive } from './live'

class Stream extends EventTarget {
  static last: Stream
  closed = false
  constructor(readonly url: string) {
    super()
    Stream.last = this
  }
  close() {
    this.closed = true
  }
}
let looks = 0
const follow = () =>
  mount(
    defineComponent({
      setup() {
        useLive('/events', ['case'], () => looks++)
        return () => null
      },
    }),
  )

beforeEach(() => {
  looks = 0
  vi.useFakeTimers()
  vi.stubGlobal('EventSource', Stream)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('looks when something happened, and not otherwise', () => {
  const page = follow()
  Stream.last.dispatchEvent(new Event('open'))
  vi.advanceTimersByTime(10 * pollEvery)
  expect(looks).toBe(0)
  Stream.last.dispatchEvent(new Event('case'))
  vi.advanceTimersByTime(1100)
  expect(looks).toBe(1)
  page.unmount()
  expect(Stream.last.closed).toBe(true)
})
it('looks now and then while the stream does not come through', () => {
  const page = follow()
  Stream.last.dispatchEvent(new Event('error'))
  vi.advanceTimersByTime(2 * pollEvery + 1100)
  expect(looks).toBe(2)
  Stream.last.dispatchEvent(new Event('open'))
  vi.advanceTimersByTime(5 * pollEvery)
  expect(looks).toBe(2)
  page.unmount()
})
it('looks now and then in a browser without streams', () => {
  vi.stubGlobal('EventSource', undefined)
  const page = follow()
  vi.advanceTimersByTime(pollEvery + 1100)
  expect(looks).toBe(1)
  page.unmount()
  vi.advanceTimersByTime(5 * pollEvery)
  expect(looks).toBe(1)
})

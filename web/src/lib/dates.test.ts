import { expect, it } from 'vitest'
import { showClock, showDate, showInstant } from './dates'

it('shows the city’s wall time, wherever the reader’s device is', () => {
  expect(showInstant('2021-11-15T23:59:07+08:00', 'zh', 2021)).toBe('11月15日 23:59')
  expect(showInstant('2021-11-15T23:59:07+08:00', 'zh', 2022)).toBe('2021年11月15日 23:59')
  expect(showDate('2021-11-16', 'zh', 2021)).toMatch(/11月16日\s?周二/)
  expect(showDate('2021-11-16', 'en', 2021)).toMatch(/^Tue,? 16 Nov$/)
})
it('lets the demo clock run past midnight', () => {
  expect(showClock('2021-11-15T23:59:59.500+08:00', 2_000, 'zh')).toContain('2021/11/16 00:00:01')
})
it('gives back what it cannot read', () => {
  expect(showDate('soon', 'zh')).toBe('soon')
})

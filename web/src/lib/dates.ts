// Dates and instants as the city reads them. The wall time in the text is the city's (+08:00), so it is shown as it stands,
// whatever zone the reader's device is in.

const tag = (locale: string) => (locale === 'zh' ? 'zh-CN' : 'en-GB')

function wall(text: string): Date | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?)?/.exec(text)
  if (!match) return null
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0))
  return new Date(Date.UTC(year!, month! - 1, day!, hour, minute, second))
}

function format(text: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  const date = wall(text)
  return date ? new Intl.DateTimeFormat(tag(locale), { timeZone: 'UTC', ...options }).format(date) : text
}

/** 2021-11-16 → 11月16日 周二; the year only when it is not `thisYear`. */
export function showDate(text: string, locale: string, thisYear?: number): string {
  const year = Number(text.slice(0, 4)) === thisYear ? undefined : ('numeric' as const)
  return format(text, locale, { year, month: locale === 'zh' ? 'long' : 'short', day: 'numeric', weekday: 'short' })
}

/** 2021-11-15T09:00:07+08:00 → 11月15日 09:00 */
export function showInstant(text: string, locale: string, thisYear?: number): string {
  const year = Number(text.slice(0, 4)) === thisYear ? undefined : ('numeric' as const)
  return format(text, locale, {
    year,
    month: locale === 'zh' ? 'long' : 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
}

/** An instant of the running city clock, `elapsed` ms after the text, in the text's own offset: date, hours, minutes, seconds. */
export function showClock(text: string, elapsed: number, locale: string): string {
  const start = wall(text)
  if (!start) return ''
  return new Intl.DateTimeFormat(tag(locale), {
    timeZone: 'UTC',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(start.getTime() + elapsed))
}

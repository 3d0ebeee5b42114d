// What pages need to speak: messages, the server's sentences, dates and durations, all in the reader's language.
import { useI18n } from 'vue-i18n'
import { say } from '../i18n'
import { showDate, showInstant } from '../lib/dates'
import { useCity } from './city'

export function useWords() {
  const { t, te, locale } = useI18n()
  const { year } = useCity()
  return {
    t,
    te,
    locale,
    say,
    /** The same at the start of a line: English begins with a capital. */
    sayFirst: (sentence: Parameters<typeof say>[0]) => say(sentence).replace(/^[a-z]/, (letter) => letter.toUpperCase()),
    /** A due date; null reads "calendar not loaded" where the calendar is the reason. */
    date: (day: string | null, loaded = true) => (day ? showDate(day, locale.value, year.value) : loaded ? '—' : t('common.notLoaded')),
    instant: (when: string | null) => (when ? showInstant(when, locale.value, year.value) : '—'),
    wd: (n: number) => t('common.wd', n),
  }
}

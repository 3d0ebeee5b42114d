// Chinese comes with the first page; English is fetched by those who choose it.
import { createI18n } from 'vue-i18n'
import { setLanguage } from '../api/client'
import { keepLanguage, storedLanguage } from '../state/preferences'
import type { Sentence } from '../api/types'
import zh from './zh'

export type Language = 'zh' | 'en'
export type Messages = typeof zh
export type StaffMessages = typeof import('./zh.staff').default

export const i18n = createI18n<[Messages], Language, false>({
  legacy: false,
  locale: 'zh',
  fallbackLocale: 'zh',
  messages: { zh } as { zh: Messages; en: Messages },
})

const staffWords = { zh: () => import('./zh.staff'), en: () => import('./en.staff') }
let forStaff = false
const addStaff = async (language: Language) => i18n.global.mergeLocaleMessage(language, (await staffWords[language]()).default)

/** What only staff's pages say is fetched with the first of them: no customer pays for it. */
export async function speakStaff() {
  forStaff = true
  await addStaff(i18n.global.locale.value)
}

export async function speak(language: Language) {
  if (language === 'en') i18n.global.setLocaleMessage('en', (await import('./en')).default)
  if (forStaff) await addStaff(language)
  i18n.global.locale.value = language
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  setLanguage(language)
  keepLanguage(language)
}

export const startLanguage = () => speak(storedLanguage())

/** A sentence of the server in the reader's language. */
export function say(sentence: Sentence | null | undefined): string {
  if (!sentence) return ''
  return (i18n.global.locale.value === 'en' ? sentence.en : sentence.zh) || sentence.zh
}

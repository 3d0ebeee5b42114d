// How this reader likes to read: language and size of type, kept in the browser.
import { ref, watch } from 'vue'

function stored(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}
function keep(name: string, value: string) {
  try {
    localStorage.setItem(name, value)
  } catch {
    // Reading goes on without.
  }
}

export const largeType = ref(stored('tongdian.large') === 'yes')

watch(
  largeType,
  (large) => {
    document.documentElement.dataset.type = large ? 'large' : 'normal'
    keep('tongdian.large', large ? 'yes' : 'no')
  },
  { immediate: true },
)

/** Chinese is first; English only for a reader who chose it. */
export function storedLanguage(): 'zh' | 'en' {
  return stored('tongdian.language') === 'en' ? 'en' : 'zh'
}
export function keepLanguage(language: 'zh' | 'en') {
  keep('tongdian.language', language)
}

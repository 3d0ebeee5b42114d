// Reading aloud with the browser's own voice, in the reader's language; a second press stops it.
export const canSpeak = () => typeof speechSynthesis !== 'undefined' && typeof SpeechSynthesisUtterance !== 'undefined'

/** Reads the text, or falls silent where something is being read. */
export function readAloud(text: string, locale: string) {
  if (!canSpeak()) return
  const speaking = speechSynthesis.speaking
  speechSynthesis.cancel()
  if (speaking || !text.trim()) return
  const said = new SpeechSynthesisUtterance(text)
  said.lang = locale === 'en' ? 'en' : 'zh-CN'
  said.rate = 0.9
  speechSynthesis.speak(said)
}

/** Another page: what is read is over. */
export function hush() {
  if (canSpeak()) speechSynthesis.cancel()
}

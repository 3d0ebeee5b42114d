// Server-sent events of the program: something has happened, look again. The browser comes back by itself after an interruption, with the id
// of the last event that it heard. A hidden tab lets go, for a browser has few connections to one house; when it is seen
// again it looks again. Where no stream comes through (an old browser, a proxy that holds answers back), it looks every half minute.
import { onUnmounted } from 'vue'

export const pollEvery = 30_000

/** Calls `look` soon after each of `events`, at most once a second. */
export function useLive(path: string, events: readonly string[], look: () => void) {
  let source: EventSource | undefined
  let waiting: ReturnType<typeof setTimeout> | undefined
  let looked = 0
  let polling: ReturnType<typeof setInterval> | undefined

  function soon() {
    if (waiting !== undefined) return
    waiting = setTimeout(
      () => {
        waiting = undefined
        looked = Date.now()
        look()
      },
      Math.max(0, looked + 1000 - Date.now()),
    )
  }
  function poll(on: boolean) {
    if (on) polling ??= setInterval(soon, pollEvery)
    else polling = void clearInterval(polling)
  }
  function open() {
    if (typeof EventSource === 'undefined') return poll(true)
    source = new EventSource(path)
    source.addEventListener('open', () => poll(false))
    source.addEventListener('error', () => poll(true))
    for (const event of [...events, 'reset']) source.addEventListener(event, soon)
  }
  function close() {
    source?.close()
    source = undefined
    poll(false)
  }
  function seen() {
    if (document.hidden) return close()
    if (source || polling) return
    open()
    soon()
  }

  if (!document.hidden) open()
  document.addEventListener('visibilitychange', seen)
  onUnmounted(() => {
    document.removeEventListener('visibilitychange', seen)
    clearTimeout(waiting)
    close()
  })
}

// Server-sent events of the program: something has happened, look again. The browser comes back by itself after an interruption, with the id
// of the last event that it heard. A hidden tab lets go, for a browser has few connections to one house; when it is seen
// again it looks again.
import { onUnmounted } from 'vue'

/** Calls `look` soon after each of `events`, at most once a second. */
export function useLive(path: string, events: readonly string[], look: () => void) {
  if (typeof EventSource === 'undefined') return
  let source: EventSource | undefined
  let waiting: ReturnType<typeof setTimeout> | undefined
  let looked = 0

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
  function open() {
    source = new EventSource(path)
    for (const event of [...events, 'reset']) source.addEventListener(event, soon)
  }
  function close() {
    source?.close()
    source = undefined
  }
  function seen() {
    if (document.hidden) return close()
    if (source) return
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

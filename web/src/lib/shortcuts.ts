// Keys of the desk: one letter does one thing, and never while someone types.
import { onMounted, onUnmounted } from 'vue'

const typing = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
const isBox = (target: EventTarget | null) => target instanceof HTMLInputElement && target.type === 'checkbox'

/** While the page is there, `keys` maps a `KeyboardEvent.key` to what it does. */
export function useShortcuts(keys: Record<string, (event: KeyboardEvent) => void>) {
  function pressed(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector('dialog[open]')) return
    if (typing(event.target) && !isBox(event.target)) return
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act(event)
  }
  onMounted(() => document.addEventListener('keydown', pressed))
  onUnmounted(() => document.removeEventListener('keydown', pressed))
}

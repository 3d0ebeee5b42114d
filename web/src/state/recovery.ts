// A part of the pages that cannot be fetched: gone after an update of the server (one reload fetches the new pages), or out of reach
// (the page says so, with both hotlines, and nothing is reloaded into the browser's own error page).
import { ref, type Ref } from 'vue'
import type { Router } from 'vue-router'

const mark = 'tongdian.reloaded'
const once = 60_000
const broken = ref<string | null>(null)
let target = ''
let asking = false

function mayReload(now: number): boolean {
  try {
    if (now - Number(sessionStorage.getItem(mark) ?? 0) < once) return false
    sessionStorage.setItem(mark, String(now))
    return true
  } catch {
    return false // nowhere to note it: a reload could go on for ever
  }
}

/** Reloads at `to`, if the server is there and this was not just tried. */
async function reload(to: string) {
  target = to // the router names the page after the browser named the file
  if (asking) return
  asking = true
  try {
    const answer = await fetch('/', { cache: 'no-store' })
    if (answer.ok && mayReload(Date.now())) location.assign(target)
  } catch {
    // Out of reach: the message stands.
  } finally {
    asking = false
  }
}

const here = () => location.pathname + location.search

export function watchForGoneParts(router: Router) {
  window.addEventListener('vite:preloadError', () => void reload(here()))
  router.onError((error, to) => {
    console.warn(error)
    broken.value = to.fullPath
    void reload(to.fullPath)
  })
  router.afterEach((_to, _from, failure) => {
    if (!failure) broken.value = null
  })
}

export function useRecovery() {
  return {
    /** The page that could not be opened. */
    broken: broken as Readonly<Ref<string | null>>,
    retry: () => location.assign(broken.value ?? here()),
  }
}

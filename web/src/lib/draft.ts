// An application being written: kept in the browser at every keystroke, together with the key under which it was sent, so that a
// reload loses nothing and a second tap does not apply twice.
import { reactive, watch } from 'vue'
import { newKey } from '../api/client'
import type { Receipt } from '../api/types'
import { emptyForm, type Form } from './facts'

export type Draft = {
  screen: 1 | 2 | 3
  form: Form
  /** What was sent, as text, and its idempotency key: the same text goes under the same key. */
  sent: { key: string; body: string } | null
  receipt: Receipt | null
}

const version = 1
const fresh = (): Draft => ({ screen: 1, form: emptyForm(), sent: null, receipt: null })

function read(storage: Storage, name: string): Draft {
  try {
    const stored: unknown = JSON.parse(storage.getItem(name) ?? 'null')
    if (stored && typeof stored === 'object' && 'version' in stored && stored.version === version) {
      const { draft } = stored as { version: number; draft: Draft }
      return { ...fresh(), ...draft, form: { ...emptyForm(), ...draft.form } }
    }
  } catch {
    // A draft that cannot be read is worth less than a form that opens.
  }
  return fresh()
}

/**
 * A customer's draft outlives the browser (localStorage); a clerk's ends with the tab (sessionStorage), for it holds someone
 * else's name and phone on a shared machine.
 */
export function openDraft(channel: 'online' | 'counter' | 'lead') {
  const storage = channel === 'online' ? localStorage : sessionStorage
  const name = `tongdian.draft.${channel}`
  const draft = reactive(read(storage, name))
  let listening = false
  const save = () => {
    if (listening) return // what another tab wrote is stored already; half of it, written back, would go to and fro
    try {
      storage.setItem(name, JSON.stringify({ version, draft }))
    } catch {
      // Full or forbidden storage: the form still works, it only forgets.
    }
  }
  // The screens write into the form that they were given: it stays the same object, whatever it comes to hold.
  const take = ({ form, ...rest }: Draft) => {
    Object.assign(draft.form, form)
    Object.assign(draft, rest)
  }
  const unwatch = watch(draft, save, { deep: true, flush: 'sync' })
  // Another tab is the same application: what is typed there stands here too, and what was submitted there is not submitted again.
  const elsewhere = (event: StorageEvent) => {
    if (event.storageArea !== storage || (event.key !== name && event.key !== null)) return
    listening = true
    take(read(storage, name))
    listening = false
  }
  window.addEventListener('storage', elsewhere)
  const stop = () => {
    unwatch()
    window.removeEventListener('storage', elsewhere)
  }
  return {
    draft,
    /** The key for this body: the one it was sent under before, or a new one, stored before anything is sent. */
    keyFor(body: unknown): string {
      const text = JSON.stringify(body)
      if (draft.sent?.body !== text) draft.sent = { key: newKey(), body: text }
      return draft.sent.key
    },
    /** Applied: what was typed is no longer kept, the receipt is. */
    finish(receipt: Receipt) {
      Object.assign(draft.form, emptyForm())
      Object.assign(draft, { sent: null, receipt })
    },
    restart() {
      take(fresh())
      storage.removeItem(name)
    },
    stop,
  }
}

/** Begins an application with answers that were given before it; what was typed of who and where is kept. */
export function startWith(answers: Form) {
  const name = 'tongdian.draft.online'
  const { form } = read(localStorage, name)
  const { area, township, address, name: who, phone, enterprise } = form
  const draft: Draft = { ...fresh(), form: { ...answers, area, township, address, name: who, phone, enterprise } }
  try {
    localStorage.setItem(name, JSON.stringify({ version, draft }))
  } catch {
    // The form opens empty.
  }
}

/** Is there something typed to go on with? */
export function hasDraft(channel: 'online' | 'counter'): boolean {
  const { form, receipt, screen } = read(channel === 'online' ? localStorage : sessionStorage, `tongdian.draft.${channel}`)
  return !receipt && (screen > 1 || [form.name, form.phone, form.address, form.area].some((text) => text.trim() !== ''))
}

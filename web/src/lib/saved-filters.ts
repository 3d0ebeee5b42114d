// Filters that a clerk has given a name; they stay in this browser and hold no personal data: the searched words are left out.
import { ref } from 'vue'

export type SavedFilter = { name: string; state: string; area: string; stage: string }

const keptAt = 'tongdian.filters'
const most = 12

function read(): SavedFilter[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keptAt) ?? '[]')
    if (!Array.isArray(kept)) return []
    return kept.filter((one): one is SavedFilter => ['name', 'state', 'area', 'stage'].every((key) => typeof one?.[key] === 'string')).slice(0, most)
  } catch {
    return []
  }
}

export function useSavedFilters() {
  const saved = ref(read())
  function write(next: SavedFilter[]) {
    saved.value = next.slice(0, most)
    try {
      localStorage.setItem(keptAt, JSON.stringify(saved.value))
    } catch {
      // Kept until the page is left.
    }
  }
  return {
    saved,
    /** The same name again replaces. */
    save: (filter: SavedFilter) => write([...saved.value.filter((one) => one.name !== filter.name), filter]),
    remove: (name: string) => write(saved.value.filter((one) => one.name !== name)),
  }
}

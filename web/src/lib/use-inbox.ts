// The inbox's filter and its rows, fetched page by page.
import { onUnmounted, reactive, ref, shallowRef, watch } from 'vue'
import { api } from '../api/client'
import { asProblem, type ApiProblem } from '../api/problem'
import type { InboxRow, Sentence } from '../api/types'
import { useLive } from './live'

const pageSize = 50

export const states = ['open', 'late', 'customer', 'done', 'all'] as const

export function useInbox(onSignedOut: () => void) {
  const filter = reactive({ state: 'open' as (typeof states)[number], area: '', stage: '', q: '', mine: false })
  const rows = shallowRef<InboxRow[]>([])
  const warnings = shallowRef<Sentence[]>([])
  const total = ref(0)
  const next = ref<string | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const busy = ref(false)
  let asked = 0

  async function fetchFrom(after: string | null) {
    const mine = ++asked
    busy.value = true
    problem.value = null
    try {
      const got = await api.inbox({
        state: filter.state,
        ...(filter.area && { area: filter.area }),
        ...(filter.stage && { stage: filter.stage }),
        ...(filter.q.trim() && { q: filter.q.trim() }),
        ...(filter.mine && { member: 'me' }),
        ...(after && { after }),
      })
      if (mine !== asked) return // a later question overtook this one
      rows.value = after ? [...rows.value, ...got.rows] : got.rows
      warnings.value = got.warnings
      total.value = got.total
      next.value = got.next
    } catch (error) {
      if (mine !== asked) return
      const got = asProblem(error)
      if (got.problem.status === 401) onSignedOut()
      else problem.value = got
    } finally {
      if (mine === asked) busy.value = false
    }
  }

  let typing: ReturnType<typeof setTimeout> | undefined
  watch(
    () => filter.q,
    () => {
      clearTimeout(typing)
      typing = setTimeout(() => void fetchFrom(null), 250)
    },
  )
  watch([() => filter.state, () => filter.area, () => filter.stage, () => filter.mine], () => void fetchFrom(null), { immediate: true })
  onUnmounted(() => clearTimeout(typing))
  // Rows that were fetched further down stay as they are: moving them under a reader's finger helps nobody.
  useLive('/api/v1/inbox/events', ['inbox'], () => {
    if (rows.value.length <= pageSize) void fetchFrom(null)
  })

  return { filter, rows, total, next, warnings, problem, busy, load: () => fetchFrom(null), more: () => fetchFrom(next.value) }
}

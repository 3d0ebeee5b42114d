// One answer of the interface for a page: loaded, asked for again when what it depends on changes, to sign in again where staff work and their session is over.
import { shallowRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { asProblem, type ApiProblem } from '../api/problem'

export function useAnswer<T>(ask: () => Promise<T>) {
  const answer = shallowRef<T | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)
  const busy = shallowRef(false)
  const router = useRouter()
  const route = useRoute()
  let latest = 0

  async function load() {
    const mine = ++latest
    problem.value = null
    busy.value = true
    try {
      const got = await ask()
      if (mine === latest) answer.value = got
    } catch (error) {
      if (mine !== latest) return
      const got = asProblem(error)
      if (got.problem.status === 401 && route.meta.staff) void router.replace({ path: '/login', query: { to: route.fullPath } })
      else problem.value = got
    } finally {
      if (mine === latest) busy.value = false
    }
  }
  return { answer, problem, busy, load }
}

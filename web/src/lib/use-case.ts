// One case as it is now: loaded, replaced after an action, fetched anew when someone else, or the clock, has acted.
import { shallowRef } from 'vue'
import { api } from '../api/client'
import { asProblem, type ApiProblem } from '../api/problem'
import type { Case } from '../api/types'
import { useLive } from './live'

export function useCase(number: string, onSignedOut: () => void) {
  const found = shallowRef<Case | null>(null)
  const problem = shallowRef<ApiProblem | null>(null)

  async function load() {
    problem.value = null
    try {
      found.value = (await api.getCase(number)).case
    } catch (error) {
      const got = asProblem(error)
      if (got.problem.status === 401) onSignedOut()
      else problem.value = got
    }
  }
  void load()
  useLive(`/api/v1/cases/${encodeURIComponent(number)}/events`, ['case'], () => void load())
  return { found, problem, load }
}

// One action on many cases: a command each, under a key of its own, one after the other; each row gets its own answer.
import { reactive, ref } from 'vue'
import { api, newKey } from '../api/client'
import { asProblem } from '../api/problem'

export type BulkResult = { number: string; status: 'waiting' | 'done' | 'refused' | 'not_offered'; detail: string; detail_en: string }

export function useBulk(action: string, afterwards: () => void) {
  const results = ref<BulkResult[]>([])
  const busy = ref(false)

  async function one(row: BulkResult) {
    try {
      const { case: seen } = await api.getCase(row.number)
      const offered = seen.actions.find((each) => each.id === action)
      // What asks for more than yes cannot be done in bulk.
      if (!offered || offered.fields.some((field) => field.required)) {
        row.status = 'not_offered'
        return
      }
      await api.act(row.number, action, seen.sequence, {}, newKey())
      row.status = 'done'
    } catch (error) {
      const { problem } = asProblem(error)
      Object.assign(row, { status: 'refused', detail: problem.detail || problem.code, detail_en: problem.detail_en || problem.code })
    }
  }

  async function run(numbers: string[]) {
    if (busy.value) return
    busy.value = true
    results.value = numbers.map((number) => reactive({ number, status: 'waiting', detail: '', detail_en: '' }))
    for (const row of results.value) await one(row)
    busy.value = false
    afterwards()
  }
  return { results, busy, run }
}

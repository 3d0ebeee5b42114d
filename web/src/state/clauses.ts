// The text of clauses, from decisions that brought them or from the list, and which one is open to be read.
import { ref, shallowReactive, shallowRef } from 'vue'
import { api } from '../api/client'
import { asProblem, type ApiProblem } from '../api/problem'

const texts = shallowReactive(new Map<string, string>())
const openId = ref<string | null>(null)
const failed = shallowRef<ApiProblem | null>(null)

export function useClauses() {
  return {
    texts,
    openId,
    failed,
    learn(known: Record<string, string>) {
      for (const [id, text] of Object.entries(known)) texts.set(id, text)
    },
    async open(id: string) {
      openId.value = id
      failed.value = null
      if (texts.has(id)) return
      try {
        for (const clause of (await api.clauses()).clauses) texts.set(clause.id, clause.text)
      } catch (error) {
        failed.value = asProblem(error)
      }
    },
    close() {
      openId.value = null
    },
  }
}

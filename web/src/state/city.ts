// The city, fetched once, and its clock, which runs on from there at real speed.
import { computed, ref, shallowRef, type Ref } from 'vue'
import { api } from '../api/client'
import { asProblem, type ApiProblem } from '../api/problem'
import type { City } from '../api/types'

const city = shallowRef<City | null>(null)
const failed = shallowRef<ApiProblem | null>(null)
const elapsed = ref(0)
let fetchedAt = 0
let loading: Promise<void> | null = null

async function load() {
  try {
    city.value = await api.city()
    fetchedAt = performance.now()
    elapsed.value = 0
    failed.value = null
  } catch (error) {
    failed.value = asProblem(error)
  } finally {
    loading = null
  }
}

setInterval(() => {
  if (city.value) elapsed.value = performance.now() - fetchedAt
}, 1000)

const year = computed(() => Number(city.value?.now.slice(0, 4) ?? 0))

/** The city, or that it is not to be had, or that it is not waited for any longer: what depends on it is then there from the first picture on. */
export function cityOrSoon(milliseconds: number) {
  if (!city.value && !loading) loading = load()
  return Promise.race([loading ?? Promise.resolve(), new Promise<void>((done) => setTimeout(done, milliseconds))])
}

export function useCity() {
  if (!city.value && !loading) loading = load()
  return {
    city: city as Readonly<Ref<City | null>>,
    failed: failed as Readonly<Ref<ApiProblem | null>>,
    /** Milliseconds since `city.now`. */
    elapsed: elapsed as Readonly<Ref<number>>,
    /** The city's year, which dates leave out. */
    year,
    reload: () => (loading ??= load()),
  }
}

import { beforeEach, expect, it } from 'vitest'
import { useSavedFilters } from './saved-filters'

beforeEach(() => localStorage.clear())
const filter = (name: string, state = 'late') => ({ name, state, area: '', stage: '' })

it('keeps filters by name, also for the next page', () => {
  const { save, remove } = useSavedFilters()
  save(filter('迟'))
  save(filter('迟', 'open'))
  save(filter('我的'))
  expect(useSavedFilters().saved.value.map((one) => [one.name, one.state])).toEqual([['迟', 'open'], ['我的', 'late']])
  remove('迟')
  expect(useSavedFilters().saved.value).toHaveLength(1)
})
it('opens where what is stored is not ours', () => {
  for (const text of ['{', '{}', '[1, null, {"name": 1}]']) {
    localStorage.setItem('tongdian.filters', text)
    expect(useSavedFilters().saved.value).toEqual([])
  }
})

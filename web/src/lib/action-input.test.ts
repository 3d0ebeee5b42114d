import { expect, it } from 'vitest'
import type { Field } from '../api/types'
import { cleanInput, emptyInput } from './action-input'

const field = (id: string, type: Field['type']): Field => ({ id, type, name: { zh: id, en: id }, required: false, choices: [] })

it('sends answers and leaves out what was left empty', () => {
  const fields = [field('note', 'text'), field('score', 'integer'), field('agreed', 'bool'), field('documents', 'choices'), field('reason', 'choice')]
  expect(emptyInput(fields)).toEqual({ agreed: false, documents: [] })
  expect(cleanInput(fields, { ...emptyInput(fields), note: '  ', other: 'x' })).toEqual({ agreed: false })
  expect(cleanInput(fields, { note: ' 好 ', score: 5, agreed: true, documents: ['identity'], reason: 'r' })).toEqual({
    note: '好', score: 5, agreed: true, documents: ['identity'], reason: 'r',
  })
})

// What is typed into an action's fields, and what of it is sent.
import type { ActionInput, Field } from '../api/types'

export function emptyInput(fields: Field[]): ActionInput {
  const input: ActionInput = {}
  for (const field of fields) if (field.type === 'bool') input[field.id] = false
  else if (field.type === 'choices') input[field.id] = []
  return input
}

/** Fields left empty are left out, so that the server sees an answer or none. */
export function cleanInput(fields: Field[], input: ActionInput): ActionInput {
  const clean: ActionInput = {}
  for (const { id } of fields) {
    const raw: unknown = input[id]
    const given = typeof raw === 'string' ? raw.trim() : raw
    if (given === undefined || given === null || given === '' || (Array.isArray(given) && given.length === 0)) continue
    clean[id] = given as string | boolean | number | string[]
  }
  return clean
}

// What is typed into an action's fields, and what of it is sent.
import type { ActionInput, Field } from '../api/types'

export function emptyInput(fields: Field[]): ActionInput {
  const input: ActionInput = {}
  for (const field of fields) if (field.type === 'bool') input[field.id] = false
  else if (field.type === 'choices') input[field.id] = []
  return input
}

const keptAt = 'tongdian.action'
type Kept = { number: string; action: string; input: ActionInput }

/** Keeps what was typed in this tab while its reader signs in again. */
export function keepInput(kept: Kept) {
  try {
    sessionStorage.setItem(keptAt, JSON.stringify(kept))
  } catch {
    // It has to be typed once more.
  }
}

/** What was kept for this case, once. */
export function takeInput(number: string): Kept | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keptAt) ?? 'null') as Kept | null
    if (kept?.number !== number) return null
    sessionStorage.removeItem(keptAt)
    return kept
  } catch {
    return null
  }
}

/** Fields left empty are left out, so that the server sees an answer or none. */
export function cleanInput(fields: Field[], input: ActionInput): ActionInput {
  const clean: ActionInput = {}
  for (const { id } of fields) {
    const raw: unknown = input[id]
    const given = typeof raw === 'string' ? raw.trim() : raw
    if (given === undefined || given === null || given === '' || (Array.isArray(given) && given.length === 0)) continue
    clean[id] = given as ActionInput[string]
  }
  return clean
}

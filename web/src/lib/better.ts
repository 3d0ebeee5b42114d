// A better answer in words: what would have to change, and what it brings. The numbers are the policy's.
import type { BetterAnswer, Decision } from '../api/types'

type Change = BetterAnswer['changes'][number]

/** The message that says this change: by the fact's name, and by its value where that is a choice. */
export function changeKey({ pointer, value }: Change): string {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1)
  return typeof value === 'number' ? `better.change.${name}` : `better.change.${name}_${value}`
}

export const changeWords = (change: Change, t: (key: string, values?: Record<string, unknown>) => string) => t(changeKey(change), { n: change.value })

const permits = ['none', 'exempt', 'commitment', 'ordinary']
const boundaries = ['meter', 'planning_red_line', 'ownership_point']
const papers = (decision: Decision) => Object.values(decision.documents).reduce((sum, ids) => sum + ids.length, 0)

/** In which things `to` is better than `from`, with the figure to name: `days`, `free`, `red_line`, `permit_…`, `papers`. */
export function gains(to: Decision, from: Decision): { id: string; n: number }[] {
  const out: { id: string; n: number }[] = []
  if (to.target_wd < from.target_wd) out.push({ id: 'days', n: to.target_wd })
  if (boundaries.indexOf(to.investment.boundary) < boundaries.indexOf(from.investment.boundary))
    out.push({ id: to.investment.boundary === 'meter' ? 'free' : 'red_line', n: 0 })
  if (permits.indexOf(to.permit) < permits.indexOf(from.permit)) out.push({ id: `permit_${to.permit}`, n: 0 })
  if (papers(to) < papers(from)) out.push({ id: 'papers', n: papers(to) })
  return out
}

// Which part of an answer a clause speaks of, by where it stands in the text, so that each part shows its own.
export type Part = 'time' | 'money' | 'permit' | 'papers'

const places: [Part, RegExp][] = [
  ['permit', /^三\(一\)[23]|^#(1[5-9]|20)$/],
  ['papers', /^三\(二\)[13]|^#2[2-9]$|^#30$/],
  ['money', /省钱|投资|^三\(三\)|^#[89]$/],
]

/** What no place claims is about classes, stages and days. */
export function groupClauses(clauses: string[]): Record<Part, string[]> {
  const groups: Record<Part, string[]> = { time: [], money: [], permit: [], papers: [] }
  for (const id of clauses) groups[places.find(([, place]) => place.test(id))?.[0] ?? 'time'].push(id)
  return groups
}

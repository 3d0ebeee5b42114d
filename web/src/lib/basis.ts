// Which part of an answer a clause speaks of, by where it stands in the text: its goals, tasks, annex and ledger each have a
// chapter on time, on money, on permits and on papers. What a clause says is the pack's; this only decides beside what it is shown.
export type Part = 'time' | 'money' | 'permit' | 'papers' | 'other'

const places: [Part, RegExp][] = [
  ['time', /省时|^三\(一\)1$|^附件1|^#([2-4]|1[1-4])$/],
  ['permit', /^三\(一\)[23]$|^#(5|1[5-9]|20)$/],
  ['papers', /^三\(二\)[13]$|^#(2[1289]|30)$/],
  ['money', /省钱|^三\(三\)|^#([89]|3[4-9]|4[01])$/],
]

export function groupClauses(clauses: string[]): Record<Part, string[]> {
  const groups: Record<Part, string[]> = { time: [], money: [], permit: [], papers: [], other: [] }
  for (const id of clauses) groups[places.find(([, place]) => place.test(id))?.[0] ?? 'other'].push(id)
  return groups
}

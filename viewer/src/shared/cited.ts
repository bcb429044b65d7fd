// What is told of the runs and the evidence behind a panel.

import { withSeed } from './numbers'

/** Which runs a panel of findings rests on: only the coupled sampler pairs a run with a changed one. */
export const coupled = (words: string, seed: number): string => withSeed(words, 'coupled', seed)

/** Each row with what is said of its rule, and its evidence, where the rule comes first, and without them where it comes again. */
export function citedOnce<Row extends { rule: string; evidence: string[]; about: string }>(rows: Row[]): Row[] {
  const cited = new Set<string>()
  return rows.map((row) => {
    if (cited.has(row.rule)) return { ...row, evidence: [], about: '' }
    cited.add(row.rule)
    return row
  })
}

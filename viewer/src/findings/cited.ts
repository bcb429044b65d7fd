// What is told of the runs and the evidence behind a panel.

/** Panels of findings rest on runs of their own: their shares are near those of the report, and not the same. */
export const OTHER_RUNS = 'This panel has runs of its own, so its shares differ from those under Questions by sampling error, by about the width of their intervals.'

/** Each row with its evidence where its rule comes first, and without it where it comes again. */
export function citedOnce<Row extends { rule: string; evidence: string[] }>(rows: Row[]): Row[] {
  const cited = new Set<string>()
  return rows.map((row) => {
    if (cited.has(row.rule)) return { ...row, evidence: [] }
    cited.add(row.rule)
    return row
  })
}

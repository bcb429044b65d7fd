// The claims as a reviewer sorts them: by source and by verdict.
import type { ClaimFinding } from '../types/findings'

export const VERDICTS = ['holds', 'weaker than claimed', 'reversed', 'not distinguishable'] as const
export type Verdict = (typeof VERDICTS)[number]

// A symbol beside the word, so that neither colour nor print is needed to tell them apart.
export const SYMBOLS: Record<Verdict, string> = {
  holds: '✓', 'weaker than claimed': '<', reversed: '✗', 'not distinguishable': '≈',
}
export const TONES: Record<Verdict, string> = {
  holds: 'var(--holds)', 'weaker than claimed': 'var(--ink)',
  reversed: 'var(--reversed)', 'not distinguishable': 'var(--soft)',
}

/** The end of “of 40 claims, 12 …”, of one and of several. */
export const SAYS: Record<Verdict, [string, string]> = {
  holds: ['holds', 'hold'], 'weaker than claimed': ['is weaker than claimed', 'are weaker than claimed'],
  reversed: ['is reversed', 'are reversed'], 'not distinguishable': ['is undecided', 'are undecided'],
}

export const NO_SOURCE = 'no source'

/** The sources whose paragraphs a claim rests on, in order. */
export function sourcesOf(claim: ClaimFinding): string[] {
  const sources = [...new Set(claim.evidence.map((locator) => locator.split('#')[0]))]
  return sources.length > 0 ? sources : [NO_SOURCE]
}

/** How many claims of each verdict each source makes; a claim of two sources counts for both. */
export function tally(claims: ClaimFinding[]): { source: string; counts: Record<Verdict, number> }[] {
  const by = new Map<string, Record<Verdict, number>>()
  for (const claim of claims) {
    for (const source of sourcesOf(claim)) {
      const counts = by.get(source) ?? { holds: 0, 'weaker than claimed': 0, reversed: 0, 'not distinguishable': 0 }
      counts[claim.verdict] += 1
      by.set(source, counts)
    }
  }
  return [...by].map(([source, counts]) => ({ source, counts }))
}

// What an answer's spread is made of, in the order in which the bar is stacked.
import type { Share, Sense, Split } from '../types/findings'
import { percent } from '../shared/numbers'

export const PARTS = ['chance', 'parameters', 'interplay', 'structure'] as const
export type PartName = (typeof PARTS)[number]

export interface Piece {
  name: PartName
  share: Share
  /** Its width in the bar: a share below zero, which sampling error can make, has none. */
  wide: number
}

/** The pieces of one bar; none where the answer hardly varied. */
export function pieces(spread: Split): Piece[] {
  const drawn = PARTS.flatMap((name) => {
    const share = spread[name]
    return share ? [{ name, share, wide: Math.max(0, share.value) }] : []
  })
  const whole = drawn.reduce((sum, piece) => sum + piece.wide, 0)
  return whole > 0 ? drawn.map((piece) => ({ ...piece, wide: piece.wide / whole })) : []
}

/** What a total index is the share of. */
export function indexMeans(by: Sense['by']): string {
  const [unknown, are] = by === 'parameter' ? ['this number', 'is'] : ['the numbers that rest on this paragraph', 'are']
  return `The share of the variance that remains when everything else, chance included, is known and only ${unknown} ${are} not.`
}

// A share smaller than this is told as 0: it is far below the error of any number of runs.
const LEAST = 0.0005

/** A share of the variance with its interval; sampling error can put an end below 0 or above 100 %. */
export function shareWords(share: Share): string {
  const like = share.value > 0 && share.value < 1 ? share.value : 0.5
  const end = (value: number): string => {
    if (Math.abs(value) < LEAST) return '0%'
    if (value < 0) {
      const size = percent(-value, like)
      return size.startsWith('<') ? '0%' : `−${size}`
    }
    return value > 1 ? `${Math.round(value * 100)}%` : percent(value, like)
  }
  return `${end(share.value)} (${end(share.low).replace('%', '')} to ${end(share.high)})`
}

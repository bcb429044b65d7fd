// What an answer's spread is made of, in the order in which the bar is stacked.
import type { Index, Share, Sense, Split } from '../types/findings'
import { alike, typeset } from '../shared/numerals'
import { listed, meaning } from '../shared/wording'
import type { Scene } from '../types/scene'

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

/** What an index is of; numbers that are correlated have one together. */
export const nameOfIndex = (scene: Scene, { name, members }: Index): string =>
  (members.length > 0 ? `${listed(members.map((one) => `“${meaning(scene, one)}”`))} together` : meaning(scene, name))

/** What a total index is the share of. */
export function indexMeans(by: Sense['by']): string {
  const [unknown, are] = by === 'parameter' ? ['this number', 'is'] : ['the numbers that rest on this paragraph', 'are']
  return `The share of the variance that remains when everything else, chance included, is known and only ${unknown} ${are} not.`
}

/** A share of the variance with its interval; sampling error can put an end below 0 or above 100 %. */
export function shareWords({ value, low, high }: Share): string {
  const [first, ...ends] = alike([value, low, high], false, 2).map(typeset)
  return `${first}% (${ends.join(' to ')}%)`
}

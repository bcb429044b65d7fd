// What a tie is called, from its source and from its target.
import { readable } from './wording'

const VERBS: Record<string, [source: string, target: string]> = {
  patron: ['is patron of', 'is client of'], alliance: ['is allied with', 'is allied with'],
  rivalry: ['is a rival of', 'is a rival of'], restraint: ['holds back', 'is held back by'],
}

/** The kinds of ties, in the order of a legend. */
export const TIES = Object.keys(VERBS)

/** Such as: is patron of; from the other end: is client of. */
export const verbOf = (kind: string, end: 'source' | 'target' = 'source'): string =>
  (Object.hasOwn(VERBS, kind) ? VERBS[kind][end === 'source' ? 0 : 1] : readable(kind))

// Shares, numbers and differences as an analyst reads them, with their intervals; their digits come from numerals.ts.
import { alike, figure, grouped, many, percent, percents, raised, signed, typeset, withSeed, withUnit as unitAfter } from './numerals'

const Z_95 = 1.959963984540054

/** Wilson's 95 % interval of a share (Wilson 1927). */
export function wilson(hits: number, runs: number): [number, number] {
  if (runs <= 0) return [0, 1]
  const share = hits / runs
  const z2 = Z_95 * Z_95
  const middle = (share + z2 / (2 * runs)) / (1 + z2 / runs)
  const half = (Z_95 / (1 + z2 / runs)) * Math.sqrt((share * (1 - share)) / runs + z2 / (4 * runs * runs))
  return [hits === 0 ? 0 : Math.max(0, middle - half), hits === runs ? 1 : Math.min(1, middle + half)]
}

/** Half the width of the widest interval that this number of runs can give. */
export function widestHalf(runs: number): number {
  const [low, high] = wilson(runs / 2, runs)
  return (high - low) / 2
}

export { grouped, many, percent, raised, withSeed }

/** An interval of probability at the digits of the share that it belongs to, such as 35–40%. */
export const percentRange = (low: number, high: number, like: number): string => percents(Math.max(0, low), Math.min(1, high), like)

/** A share with its interval, such as 72% (57–84%). */
export const shareRange = (value: number, low: number, high: number): string => `${percent(value)} (${percentRange(low, high, value)})`

/** A share of runs with its interval in brackets. */
export const shareWithInterval = (hits: number, runs: number): string => shareRange(hits / runs, ...wilson(hits, runs))

/** Three significant digits, without an exponent where it can be avoided. */
export const plain = (value: number | null): string => typeset(figure(value))

/** A number with its unit, in the plural where it is a word. */
export function withUnit(value: number | null, unit: string): string {
  const words = figure(value)
  return words === '–' ? words : typeset(unitAfter(words, unit))
}

/** The name of a unit for several of it: points, km. */
export const severalOf = (unit: string): string => unitAfter('', unit).trimStart()

/** Whether an interval holds zero, so that the difference could be none at all. */
export const couldBeNothing = (low: number, high: number): boolean => low <= 0 && high >= 0

/** A number and the ends of its interval, in the same digits. */
export interface Around {
  /** With its unit. */
  value: string
  range: string
}

/** How a number is printed that is a share, or has a unit of its own. */
export interface Manner {
  /** The number itself. */
  value: (value: number) => string
  /** A difference alone, with its unit. */
  difference: (value: number) => string
  /** A difference with its interval. */
  around: (value: number, low: number, high: number) => Around
}

/** A difference of two shares in percentage points, without its unit. */
export const points = (difference: number): string => typeset(signed(Number((100 * difference).toPrecision(12))))

export const asShare: Manner = {
  value: percent,
  difference: (value) => `${points(value)} ${Math.abs(value) === 0.01 ? 'point' : 'points'}`,
  around: (value, low, high) => {
    const [first, ...ends] = alike([value, low, high], true, 2).map(typeset)
    return { value: `${first} ${/^[+−]1$/.test(first) ? 'point' : 'points'}`, range: ends.join(' to ') }
  },
}

export function asNumber(unit: string): Manner {
  return {
    value: plain,
    difference: (value) => (value > 0 ? `+${withUnit(value, unit)}` : withUnit(value, unit)),
    around: (value, low, high) => {
      const [first, ...ends] = alike([value, low, high], true)
      return { value: typeset(unitAfter(first, unit)), range: ends.map(typeset).join(' to ') }
    },
  }
}

/** A number that is no difference, with its unit, and its interval or the range of what was drawn. */
export function numberRange(value: number, low: number, high: number, unit = ''): Around {
  const [first, ...ends] = alike([value, low, high], false)
  return { value: typeset(unitAfter(first, unit)), range: ends.map(typeset).join(' to ') }
}

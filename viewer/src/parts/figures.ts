// Differences and effects as an analyst reads them, and scales for them.
import { nice, ticks } from 'd3-array'
import { alike, signed, typeset, withUnit as unitAfter } from './numerals'
import { longDate, percent, plain, withUnit } from './numbers'
import type { Question, Scene } from '../scene/scene'

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

/** A number that is no difference, with its interval. */
export function numberRange(value: number, low: number, high: number): Around {
  const [first, ...ends] = alike([value, low, high], false).map(typeset)
  return { value: first, range: ends.join(' to ') }
}

export interface Scale {
  at: (value: number) => number
  ticks: number[]
}

/** From one end of these numbers to the other, rounded outwards to a tick; positions in per cent. */
export function scaleOver(values: number[], count = 4): Scale {
  let low = Math.min(...values)
  let high = Math.max(...values)
  if (!(high > low)) [low, high] = [low - 1, high + 1]
  ;[low, high] = nice(low, high, count)
  return { at: (value) => ((value - low) / (high - low)) * 100, ticks: ticks(low, high, count) }
}

/** As far to the right of zero as to the left, so that the zeros of several rows stand above each other. */
export function scaleAbout(values: number[], count = 4): Scale {
  const reach = Math.max(...values.map(Math.abs))
  return scaleOver(reach > 0 ? [-reach, reach] : [-1, 1], count)
}

/** From the least to the largest of these numbers by orders of magnitude; evenly where one of them is not positive. */
export function logScale(values: number[]): Scale {
  const from = Math.log10(Math.min(...values))
  const to = Math.log10(Math.max(...values))
  if (!(Number.isFinite(from) && to > from)) return scaleOver(values)
  const at = (value: number): number => (value > 0 ? ((Math.log10(value) - from) / (to - from)) * 100 : 0)
  const steps = to - from > 3 ? [1] : [1, 2, 5]
  const powers = Array.from({ length: Math.floor(to) - Math.floor(from) + 1 }, (_, i) => Math.floor(from) + i)
  const marks = powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
  return { at, ticks: marks.filter((mark) => at(mark) >= 0 && at(mark) <= 100) }
}

/** The question of an id, where the run asks it. */
export function questionOf(scene: Scene): (id: string) => Question | undefined {
  const by = new Map(scene.questions.map((question) => [question.id, question]))
  return (id) => by.get(id)
}

/** An ISO date as words, or the text itself where it is none. */
export const dateWords = (date: string): string => (/^\d{4}-\d{2}-\d{2}/.test(date) ? longDate(date.slice(0, 10)) : date)

/** A name of the language as words. */
export const readable = (name: string): string => name.replaceAll('_', ' ')

/** A word in front of how many there are of it. */
export const many = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`

// Scales of charts: from numbers to positions along an axis, with the marks of the axis.
import { nice, ticks } from 'd3-array'

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

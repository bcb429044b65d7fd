// How strong the holder of a place is, and how that is written on a symbol.
import { numberRange, withUnit } from '../shared/numbers'
import type { Scene } from '../types/scene'

export interface Strength {
  holder: string
  low: number
  middle: number
  high: number
}

/** The force at each place along time over all runs: of its most frequent holder; null where that is nobody. */
export function strengthsOf(scene: Scene): Map<number, (Strength | null)[]> {
  return new Map(scene.ensemble.forces.map(({ place, holders, stretches }) => {
    const along: (Strength | null)[] = []
    stretches.forEach(([from, holder, low, middle, high], i) => {
      const strength = holder < 0 ? null : { holder: holders[holder], low, middle, high }
      const to = stretches[i + 1]?.[0] ?? scene.stage.times.length
      for (let step = from; step < to; step += 1) along[step] = strength
    })
    return [place, along]
  }))
}

/** The most that a force ever is, by place: what it counts for when room is given away. */
export function mostOf(forces: Map<number, (Strength | null)[]>): Map<number, number> {
  return new Map([...forces].map(([place, along]) => [place, Math.max(0, ...along.map((one) => one?.middle ?? 0))]))
}

const FIGHTERS = new Map([['company', 120], ['fighter', 1], ['person', 1]])
const LEAST: [string, number][] = [
  ['division', 4800], ['brigade', 1800], ['regiment', 960], ['battalion', 360], ['company', 120], ['platoon', 36],
  ['squad', 8], ['team', 1],
]

/** The echelon of a force of this size; empty where its unit counts no people or it is nobody. The table is in docs/report.md. */
export function echelonOf(size: number, unit: string): string {
  const fighters = size * (FIGHTERS.get(unit) ?? 0)
  return LEAST.find(([, least]) => fighters >= least)?.[0] ?? ''
}

/** Median and middle half in words; one number where all runs agree or there is one. */
export function spread({ low, middle, high }: Strength, unit: string): string {
  if (low === high) return withUnit(middle, unit)
  const { value, range } = numberRange(middle, low, high, unit)
  return `${value} (middle half ${range})`
}

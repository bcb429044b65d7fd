// What the map shows: all runs together or one of them, which is an ensemble of one.
import type { Told } from '../time/events'
import type { Holding, Scene } from '../scene/scene'
import { strengthsOf, type Strength } from './forces'

export interface Seen {
  /** How many runs it is of: the denominator of every share. */
  runs: number
  control: Holding[]
  /** By place the force of its holder along time; null where nobody holds it. */
  forces: Map<number, (Strength | null)[]>
  /** For each corridor the runs in which it is open, along time; null where no series records it. */
  open: (number[] | null)[]
  /** For each zone its radius in km, null where it has none that is known; null for all runs. */
  radii: (number | null)[] | null
  /** The position of the one run in scene.sampled; -1 for all runs. */
  sampled: number
}

export function seenOf(scene: Scene, sampled: number): Seen {
  if (sampled < 0) {
    const open = scene.corridors.map((one) => one.open)
    return { runs: scene.head.runs, control: scene.control, forces: strengthsOf(scene), open, radii: null, sampled }
  }
  const run = scene.sampled[sampled]
  const last = scene.times.length
  // Rows tell what changes: where, from which time on, to what.
  const spans = <T>(rows: T[][], of: number): { from: number; to: number; is: T }[] => {
    const own = rows.filter((row) => row[0] === of)
    return own.map((row, i) => ({ from: Number(row[1]), to: Number(own[i + 1]?.[1] ?? last), is: row[2] }))
  }
  const control = scene.control.map(({ place }) => {
    const runs: Record<string, number[]> = {}
    for (const { from, to, is } of spans(run.held, place)) {
      const holder = is < 0 ? '' : scene.words[is]
      runs[holder] ??= scene.times.map(() => 0)
      runs[holder].fill(1, from, to)
    }
    return { place, runs }
  })
  const forces = new Map(scene.forces.map(({ place }) => {
    const sizes = scene.times.map(() => 0)
    for (const { from, to, is } of spans(run.forces, place)) sizes.fill(is, from, to)
    const strengths: (Strength | null)[] = scene.times.map(() => null)
    for (const { from, to, is } of spans(run.held, place)) {
      if (is < 0) continue
      for (let i = from; i < to; i += 1) strengths[i] = { holder: scene.words[is], low: sizes[i], middle: sizes[i], high: sizes[i] }
    }
    return [place, strengths]
  }))
  const open = scene.corridors.map((corridor, i) => {
    if (corridor.open === null) return null
    const states = scene.times.map(() => 0)
    for (const { from, to, is } of spans(run.open, i)) states.fill(is, from, to)
    return states
  })
  return { runs: 1, control, forces, open, radii: run.radii, sampled }
}

/** What happens in one run after the time before this step and up to it. */
export function happeningNow(told: Told[], scene: Scene, step: number): Told[] {
  const from = step > 0 ? scene.times[step - 1] : -1
  return told.filter((event) => event.time > from && event.time <= scene.times[step])
}

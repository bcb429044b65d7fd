// What the map shows: all runs together or one of them, which is an ensemble of one.
import { openedOf, type Told } from '../shared/events'
import type { Holding } from '../types/frames'
import type { Scene } from '../types/scene'
import { strengthsOf, type Strength } from './forces'

/** Who holds one place: for each holder the number of runs along time. */
export interface Held {
  place: number
  /** By actor id; the empty id stands for nobody. A Map, since an actor may be called as what every object has. */
  runs: Map<string, number[]>
}

export interface Seen {
  /** How many runs it is of: the denominator of every share. */
  runs: number
  control: Held[]
  /** By place the force of its holder along time; null where nobody holds it. */
  forces: Map<number, (Strength | null)[]>
  /** For each corridor the runs in which it is open, along time; null where no series records it. */
  open: (number[] | null)[]
  /** For each zone its radius in km, null where it has none that is known; null for all runs. */
  radii: (number | null)[] | null
  /** The position of the one run in scene.sampled; -1 for all runs. */
  sampled: number
}

export const heldOf = ({ place, holders }: Holding): Held => ({ place, runs: new Map(holders.map(({ id, runs }) => [id, runs])) })

export function seenOf(scene: Scene, sampled: number): Seen {
  const { ensemble, stage } = scene
  if (sampled < 0) {
    const opened = new Map(ensemble.open.map(({ corridor, runs }) => [corridor, runs]))
    const open = stage.corridors.map((_, i) => opened.get(i) ?? null)
    return { runs: scene.head.runs, control: ensemble.control.map(heldOf), forces: strengthsOf(scene), open, radii: null, sampled }
  }
  // Frames tell what changes; a state lasts until the next frame that tells of it.
  const along = <Value>(changes: (step: number) => [number, Value][]): Map<number, Value[]> => {
    const by = new Map<number, Value[]>()
    run.frames.forEach((_, step) => {
      for (const [what, value] of changes(step)) by.set(what, [...lasting(by.get(what) ?? [], step), value])
    })
    for (const [what, values] of by) by.set(what, lasting(values, stage.times.length))
    return by
  }
  const { run, words } = openedOf(scene, sampled)
  const holders = along((step) => run.frames[step].held.map(([place, word]) => [place, word < 0 ? '' : words[word]]))
  const sizes = along((step) => run.frames[step].forces)
  const states = along((step) => run.frames[step].open)
  const control = [...holders].map(([place, along]) => {
    const runs = new Map<string, number[]>()
    along.forEach((holder, step) => {
      if (!runs.has(holder)) runs.set(holder, stage.times.map(() => 0))
      runs.get(holder)![step] = 1
    })
    return { place, runs }
  })
  const forces = new Map([...sizes].map(([place, along]) => [place, along.map((size, step): Strength | null => {
    const holder = holders.get(place)?.[step] ?? ''
    return holder === '' ? null : { holder, low: size, middle: size, high: size }
  })]))
  return { runs: 1, control, forces, open: stage.corridors.map((_, i) => states.get(i) ?? null), radii: run.radii, sampled }
}

/** The values up to a step, the last of them repeated. */
function lasting<Value>(values: Value[], step: number): Value[] {
  const last = values.at(-1)
  return last === undefined ? values : [...values, ...Array.from({ length: step - values.length }, () => last)]
}

/** What happens in one run after the time before this step and up to it. */
export function happeningNow(told: Told[], scene: Scene, step: number): Told[] {
  if (told.length === 0) return told
  const from = step > 0 ? scene.stage.times[step - 1] : -1
  return told.filter((event) => event.time > from && event.time <= scene.stage.times[step])
}

// A place that one actor holds throughout in more runs than this has no course to draw.
export const STEADY = 0.95

/** The places that change hands. */
export const turning = ({ runs, control }: Seen): Held[] =>
  control.filter((held) => Math.max(...[...held.runs.values()].map((along) => Math.min(...along))) < STEADY * runs)

// Written by tools/write_types.py from standoff.report.frames; do not edit.
/*
 * What happens on the stage: one run moment by moment, and all runs along the same times.
 *
 * Counts are numbers of runs, not shares: the page divides by the number of runs and gives the interval, so no
 * probability can be shown without its error. Lists along time follow `Stage.times`.
 */

/** The order of the numbers in a row of Happening. */
export const HAPPENING = ['time', 'rule', 'binding', 'type', 'mode', 'source', 'target', 'place', 'size'] as const

/** The order of the numbers in a row of Stretch. */
export const STRETCH = ['step', 'holder', 'low', 'middle', 'high'] as const

/** One event of a run; texts are positions in the words of the run, -1 for none. */
export interface Happening {
  time: number
  rule: number
  binding: number
  type: number
  mode: number
  source: number
  target: number
  place: number
  size: number | null
}

/**
 * One moment of one run: what is different from the frame before, and what has happened since.
 *
 * A live game sends frames as they come: each stands on those before it alone.
 */
export interface Frame {
  day: number
  /** Of a place: its holder as a position in the words of the run, -1 for nobody. */
  held: [number, number][]
  /** Of a place: the force of its holder, to the nearest whole number; -1 where it is no finite one. */
  forces: [number, number][]
  /** Of a corridor: 1 while it is open. */
  open: [number, number][]
  /** The value of each of `Stage.charts`. */
  lines: (number | null)[]
  /** Texts that are new in this frame; they follow those of the frames before it. */
  words: string[]
  /** Rows in the order of the fields of `Happening`, in the order of time. */
  events: ((number | null)[])[]
}

/** The course of one run; a live game is one that grows. */
export interface SampledRun {
  run: number
  /** Events the run has; more than the frames tell where the log was cut. */
  total: number
  /** For each of `Stage.zones` its radius in this run, in km; None where no number or parameter tells it. */
  radii: (number | null)[]
  /** One for each of `Stage.times`, as far as the run has come. */
  frames: Frame[]
}

/** In how many runs one actor holds a place, along time; the empty id stands for nobody. */
export interface Holder {
  id: string
  runs: number[]
}

/** Who holds one place: every holder that ever occurs. */
export interface Holding {
  place: number
  holders: Holder[]
}

/**
 * From one of the times on: who holds a place in most runs, by position in `Force.holders`, and with what force.
 *
 * Median and middle half are over the runs in which that holder holds it; -1 stands for nobody.
 */
export interface Stretch {
  step: number
  holder: number
  low: number
  middle: number
  high: number
}

/** How strong the holder of one place is, along time. */
export interface Force {
  place: number
  holders: string[]
  /** Rows in the order of the fields of `Stretch`, one where anything changes. */
  stretches: number[][]
}

/** In how many runs a corridor is open, along time. */
export interface Opening {
  corridor: number
  runs: number[]
}

/** One order of holders of a place and in how many runs it is the whole story. */
export interface Succession {
  holders: string[]
  runs: number
}

/**
 * How a place changes hands for the first time, over the runs in which it does.
 *
 * A change is seen between two readings: the quartiles are each a pair of days, after the first of which and by the
 * second of which the quartile lies.
 */
export interface Move {
  place: number
  begins: string
  /** Runs with at least one change. */
  changed: number
  /** The first quartile, the median and the third; none where no run has a change. */
  quartiles: [number, number][]
  next_holder: string
  /** Of the runs with a change, those whose first new holder is `next_holder`. */
  next_runs: number
  successions: Succession[]
}

/** One watched number along time, over all runs. */
export interface Fan {
  /** Five lists along time: 5, 25, 50, 75 and 95 %; None for a truth, and where no run has a finite number. */
  quantiles: ((number | null)[])[] | null
  /** For a series that is only ever 0 or 1: runs in which it is 1. */
  true_runs: number[] | null
  /** Runs whose value is a finite number, along time; None where all are. */
  finite_runs: number[] | null
  /** The least and the most that it was by the record, along time; None where no record tells, and after it ends. */
  observed: ((number | null)[])[] | null
  /** Of how many of the places on which it depends the record tells; None where no record tells of it. */
  covered: [number, number] | null
}

/** A watched stance or state with named levels: in how many runs it is at each, along time. */
export interface Ladder {
  watch: string
  label: string
  rungs: string[]
  /** For each rung its runs along time. */
  runs: number[][]
}

/** All runs together, along time; `Head.runs` is how many they are. */
export interface AllRuns {
  control: Holding[]
  forces: Force[]
  /** Of the corridors that some watched series records. */
  open: Opening[]
  moves: Move[]
  /** In the order of `Stage.charts`. */
  fans: Fan[]
  /** Watched series not shown, because others of the same watch vary more. */
  charts_left_out: number
  ladders: Ladder[]
}

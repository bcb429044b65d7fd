// What the page draws. The mirror of src/standoff/report/scene.py, field by field; a test compares them.
// Counts are numbers of runs; lists along time follow Scene.times; points are [longitude, latitude].
import type { FeatureCollection } from 'geojson'
import type { Findings } from './findings'
import type { Evidence, World } from './world'

export interface Head {
  name: string
  title: string
  about: string
  starts: string
  ends: string
  days: number
  runs: number
  asked_runs: number
  partial: boolean
  seed: number
  digest: string
  variant: string | null
  settings: Record<string, number>
  command: string
  version: string
}

export interface Actor {
  id: string
  name: string
  kind: string
  colour: string
  about: string
  symbol: string
  patron: string
}

export interface Place {
  id: string
  name: string
  at: [number, number] | null
  kind: string
  country: string
  about: string
}

export interface Route {
  ends: [number, number]
  km: number | null
  along: string
}

export interface Ring {
  km: number
  runs: number | null
  says: string
}

export interface Zone {
  id: string
  name: string
  centre: number | null
  places: number[]
  holder: string
  excludes: string[]
  rings: Ring[]
}

export interface Corridor {
  id: string
  name: string
  ends: [number, number]
  paths: number[][]
  any_path: boolean
  friendly: string[]
  open: number[] | null
}

export interface Holding {
  place: number
  runs: Record<string, number[]>
}

export interface Stretch {
  step: number
  holder: number
  low: number
  middle: number
  high: number
}

export interface Force {
  place: number
  holders: string[]
  stretches: number[][]
}

export interface Sequence {
  holders: string[]
  runs: number
}

export interface Move {
  place: number
  begins: string
  changed: number
  day_25: number | null
  day_50: number | null
  day_75: number | null
  next_holder: string
  next_runs: number
  sequences: Sequence[]
}

export interface Forecast {
  id: string
  low: number | null
  high: number | null
  words: string
  locators: string[]
}

export interface Question {
  id: string
  ask: string
  type: string
  date: string
  unit: string
  probability: number | null
  low: number | null
  high: number | null
  word: string
  spans: boolean
  runs: number
  quantiles: (number | null)[] | null
  median_low: number | null
  median_high: number | null
  outcome: string
  value: number | null
  why: string
  hindsight: boolean
  forecast: Forecast | null
  sentence: string
  about: string
  evidence: Evidence[]
  course: Fan | null
  once: boolean
}

export interface Portion {
  runs: number
  share: number | null
  low: number | null
  high: number | null
}

export interface Gain {
  accepts: Portion
  median: number | null
  median_low: number | null
  median_high: number | null
}

export interface Party {
  actor: string
  must_agree: boolean
  gains: Gain[]
}

export interface Deal {
  id: string
  name: string
  about: string
  after: string[]
  dates: string[]
  together: Portion[]
  in_force: Portion[]
  parties: Party[]
}

export interface Score {
  who: string
  over: string
  n: number
  brier: number
  brier_low: number | null
  brier_high: number | null
  log: number
  log_low: number | null
  log_high: number | null
  better: number | null
  better_low: number | null
  better_high: number | null
}

export interface Fan {
  watch: string
  index: string[]
  label: string
  unit: string
  quantiles: (number | null)[][] | null
  true_runs: number[] | null
  finite_runs: number[] | null
  observed: (number | null)[][] | null
}

export interface Ladder {
  watch: string
  label: string
  rungs: string[]
  runs: number[][]
}

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

export interface SampledRun {
  run: number
  total: number
  events: (number | null)[][]
  held: number[][]
  forces: number[][]
  open: number[][]
  lines: (number | null)[][]
  radii: (number | null)[]
}

export interface Parameter {
  name: string
  unit: string
  prior: string
  words: string
  about: string
  mean: number | null
  low: number | null
  high: number | null
  assumption: boolean
  hindsight: boolean
  evidence: Evidence[]
}

export interface Source {
  id: string
  title: string
  publisher: string
  date: string
}

export interface Scene {
  head: Head
  times: number[]
  actors: Actor[]
  names: Record<string, string>
  places: Place[]
  routes: Route[]
  zones: Zone[]
  corridors: Corridor[]
  control: Holding[]
  forces: Force[]
  force_unit: string
  moves: Move[]
  questions: Question[]
  scores: Score[]
  warning: string
  deals: Deal[]
  fans: Fan[]
  fans_left_out: number
  ladders: Ladder[]
  words: string[]
  sampled: SampledRun[]
  parameters: Parameter[]
  sources: Source[]
  notes: string[]
  findings: Findings
  world: World
  basemap: FeatureCollection
  wide: FeatureCollection | null
  relief: string
}

/** The scene that the report writer put inside the page, or null where there is none. */
export function heldScene(): Scene | null {
  const held = document.getElementById('standoff-data')?.textContent?.trim() ?? ''
  return held.startsWith('{') ? (JSON.parse(held) as Scene) : null
}

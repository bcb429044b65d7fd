// Written by tools/write_types.py from standoff.report.findings; do not edit.
/*
 * What verbs have found about a run and kept in its folder, for the page.
 *
 * The files are read straight into these shapes, so the page holds their numbers and no others.
 */

/** What a what-if changes in the answer to a question; of dates, in whether it comes. */
export interface AnswerDifference {
  what: string
  question: string
  ask: string
  type: string
  base: number
  variant: number
  difference: number
  low: number
  high: number
  runs: number
  /** Pairs of runs that differ. */
  changed: number
  runs_if_independent: number | null
}

/** What a what-if changes in a watched series at its last time, and when on average it had changed it most. */
export interface WatchedDifference {
  what: string
  series: string
  base: number
  variant: number
  difference: number
  low: number
  high: number
  runs: number
  changed: number
  runs_if_independent: number | null
  most: number
  /** Days since the start. */
  most_at: number
}

/** compare.json: a base case and its what-ifs, run with shared luck. */
export interface Comparison {
  scenario: string
  seed: number
  runs: number
  whats: string[]
  /** What-ifs whose runs are the base case's, event for event. */
  unchanged: string[]
  differences: AnswerDifference[]
  series: WatchedDifference[]
}

/** The effect seen between runs that have the cause by themselves and the others; None where these are too few. */
export interface Selection {
  given: string
  effect: number | null
  low: number | null
  high: number | null
  with_runs: number
  without_runs: number
}

/** A cause-and-effect statement of a source, tested on the model. */
export interface Claim {
  id: string
  says: string
  mechanism: string[]
  hedge: string | null
  cause: string
  expect: string
  verdict: 'holds' | 'reversed' | 'not distinguishable'
  effect: number
  low: number
  high: number
  /** `probability` and `day` among others. */
  unit: string | null
  /** The mean without the cause. */
  base: number
  /** Pairs of runs that differ. */
  changed: number
  runs: number
  evidence: string[]
  /** Claims that contradict this one. */
  against: string[]
  selection: Selection | null
}

/** claims.json: the table of claims; `error` is the chance that a claim without any effect gets a verdict. */
export interface Claims {
  scenario: string
  seed: number
  error: number
  /** Pairs of runs after which a claim that is still open counts as not distinguishable. */
  at_most: number
  claims: Claim[]
}

/** A number with its 95 % interval. */
export interface Estimate {
  value: number
  low: number
  high: number
}

/** The mean answer under one variant of the scenario. */
export interface VariantMean {
  name: string
  mean: number
  low: number
  high: number
}

/** Where the variance of an answer comes from; the shares are None where the answer hardly varied. */
export interface Spread {
  question: string
  ask: string
  type: string
  mean: number
  variance: number
  luck: Estimate | null
  parameters: Estimate | null
  interplay: Estimate | null
  /** Between the variants of the scenario, where several were run. */
  structure: Estimate | null
  variants: VariantMean[]
  /** Variants that do not ask the question. */
  lacking: string[]
}

/** The share of an answer's variance that stays when all is known but one number, or one paragraph's numbers. */
export interface TotalIndex {
  question: string
  name: string
  evidence: string[]
  total: Estimate
}

/** How much a variant counts among all. */
export interface VariantShare {
  name: string
  share: number
}

/** Between which values of a parameter a box lies; None where it has no end. */
export interface Limit {
  parameter: string
  low: number | null
  high: number | null
  unit: string | null
  evidence: string[]
  /** How likely the limit is of no use. */
  quasi_p: number
}

/** A region of the parameters in which the answer is mostly yes, or mostly no (PRIM); without limits, none is. */
export interface Box {
  question: string
  yes: boolean
  base_rate: number
  coverage: number | null
  coverage_low: number | null
  coverage_high: number | null
  density: number | null
  density_low: number | null
  density_high: number | null
  mass: number | null
  limits: Limit[]
  /** The parameter of the first number of each point, and of the second: the two that limit the box most. */
  across: string
  up: string
  /** Runs: the two parameters, and 1 where the answer is yes. */
  points: [number, number, number][]
  points_left_out: number
}

/** sense.json: what answers hang on; of each question the largest indices only. */
export interface Sense {
  scenario: string
  seed: number
  runs: number
  by: 'parameter' | 'paragraph'
  /** The variants that the spread is over; none where there is the base case alone. */
  variants: VariantShare[]
  questions: Spread[]
  indices: TotalIndex[]
  indices_left_out: number
  /** Of each number or paragraph its largest index over the questions, the largest first. */
  weights: TotalIndex[]
  boxes: Box[]
}

/** One level of the splitting and the share of particles that got so far from the one before. */
export interface Level {
  level: number
  share: number
}

/** rare.json: a probability too small for plain runs, by splitting. */
export interface Rare {
  scenario: string
  seed: number
  question: string
  ask: string
  estimate: number
  low: number
  high: number
  replicates: number
  particles: number
  estimates: number[]
  zero: number
  levels: Level[]
  /** Runs that an interval as narrow would have taken without splitting. */
  runs_if_plain: number | null
  /** What the levels are heights of. */
  importance: string
  /** Whether the author declared it. */
  declared: boolean
}

/** What a change makes of the ways from a branch point, in pairs that share their luck. */
export interface Changed {
  variant: number
  difference: number
  low: number
  high: number
}

/** What a run says to a question, and what its ways from the branch point say. */
export interface BranchedAnswer {
  question: string
  ask: string
  type: string
  own: number
  /** When a date came in the run itself, if it did. */
  own_date: string | null
  value: number
  low: number
  high: number
  change: Changed | null
}

/** branch.json: from a moment of one run on, in many ways. */
export interface Branching {
  scenario: string
  seed: number
  run: number
  /** The event after which it branches, where it is one. */
  event: string | null
  at: string
  continuations: number
  changes: Record<string, number>
  questions: BranchedAnswer[]
}

/** All that is kept in the folder; `told` has a sentence for each file that is there and cannot be shown. */
export interface Findings {
  compare: Comparison | null
  claims: Claims | null
  sense: Sense | null
  explain: Explanation[]
  branch: Branching | null
  rare: Rare | null
  told: string[]
}

/** explain-QUESTION.json: how the answer to one question comes about. */
export interface Explanation {
  scenario: string
  seed: number
  runs: number
  question: string
  ask: string
  /** None where a single run is explained. */
  probability: number | null
  low: number | null
  high: number | null
  routes: Way[]
  pivotal: Pivot[]
  parting: Parting | null
  stories: Story[]
}

/** A route to the outcome. */
export interface Way {
  runs: number
  share: number
  low: number
  high: number
  marks: Mark[]
  sentence: string
}

/** An event without which the outcome often does not come, in runs made again without it and with the same luck. */
export interface Pivot {
  event: string
  rule: string
  binding: string
  evidence: string[]
  tested: number
  undone: number
  share: number | null
  low: number | null
  high: number | null
  /** The runs with this event in which the outcome comes, of `with_runs`: selection alone. */
  with_yes: number
  with_runs: number
  without_yes: number
  without_runs: number
  /** These shares, and their difference, are None where they would be of too few runs. */
  with_it: number | null
  without_it: number | null
  difference: number | null
  difference_low: number | null
  difference_high: number | null
}

/** When the routes part, and when the runs that end in yes part from the others. */
export interface Parting {
  routes: Part | null
  answers: Part | null
}

/** The causal story of one run. */
export interface Story {
  run: number
  answer: string
  days: number | null
  date: string | null
  tested: number
  events: StoryEvent[]
  sentences: string[]
}

/** An event that tells a route from the others: the share of runs that have it here, and elsewhere. */
export interface Mark {
  event: string
  rule: string
  binding: string
  evidence: string[]
  here: number
  elsewhere: number
}

/** The earliest event by which runs of different kinds can be told apart. */
export interface Part {
  days: number
  date: string
  event: string
}

/** One event of a causal story, and what would have happened instead. */
export interface StoryEvent {
  days: number
  date: string
  event: string
  rule: string
  binding: string
  evidence: string[]
  does: Doing[]
  instead: string[]
  /** Whether the outcome would not have come without it, all other luck kept. */
  necessary: boolean | null
  weight: Weight | null
}

/**
 * What an event did to a later one, by its place in the story; None is the outcome itself.
 *
 * Rates are per day; of the outcome, they are what it counts.
 */
export interface Doing {
  to: number | null
  how: string
  from_rate: number | null
  to_rate: number | null
}

/** By how much an event raises the probability of the outcome, whatever the luck from then on. */
export interface Weight {
  difference: number
  low: number
  high: number
}

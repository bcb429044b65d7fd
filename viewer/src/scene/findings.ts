// Written by tools/write_types.py from standoff.report.findings; do not edit.
/* What verbs have found about a run and kept in its folder, in the types that the verbs write. */

/** A box of parameters as a plot shows it: its points over the two parameters that most surely limit it. */
export interface PlottedBox {
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

/** What answers hang on; of each question the largest indices only. */
export interface Sense {
  scenario: string
  seed: number
  runs: number
  by: 'parameter' | 'paragraph'
  /** The variants that the spread is over; none where there is the base case alone. */
  variants: VariantWeight[]
  questions: Split[]
  indices: Index[]
  indices_left_out: number
  /** Of each number or paragraph its largest index over the questions, the largest first. */
  weights: Index[]
  boxes: PlottedBox[]
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

/**
 * The lowest and highest value of a parameter in a box, None for no limit.
 *
 * `quasi_p` is the quasi-p-value of Bryant and Lempert (2010), from held-out runs: the probability of as many yes in
 * the box if the restriction of this parameter did nothing.
 */
export interface Limit {
  parameter: string
  low: number | null
  high: number | null
  unit: string | null
  evidence: string[]
  quasi_p: number
}

/** The share of one variant among all. */
export interface VariantWeight {
  name: string
  share: number
}

/**
 * Where the variance of a question's answer comes from; the shares are None if it hardly varied, as `note` says.
 *
 * `mean` is that of the runs that are neither given other luck nor other parameters, the base case of other verbs.
 * Over several variants, all figures are those of their mixture, `variants` are those that ask the question and
 * `lacking` those that do not; `structure` is None where there is one variant only.
 */
export interface Split {
  question: string
  ask: string
  type: string
  mean: number
  variance: number
  luck: Share | null
  parameters: Share | null
  interplay: Share | null
  structure: Share | null
  variants: VariantMean[]
  lacking: string[]
  note: string | null
}

/** The total index of a parameter, or of all that rests on one paragraph of a source, for a question. */
export interface Index {
  question: string
  name: string
  evidence: string[]
  total: Share
}

/**
 * A base case beside its what-ifs; `unchanged` names those that change nothing that a run could read.
 *
 * `no_number` names the series of which fewer than two pairs have a finite number at the end of some what-if.
 */
export interface Comparison {
  scenario: string
  seed: number
  runs: number
  whats: string[]
  unchanged: string[]
  questions: QuestionDifference[]
  series: SeriesDifference[]
  no_number: string[]
}

/** All claims of a scenario, tested; `error` is the chance that a claim without effect gets a verdict. */
export interface Claims {
  scenario: string
  seed: number
  error: number
  at_most: number
  claims: ClaimFinding[]
}

/** Why an outcome comes about; the probability is None where one run alone was asked about. */
export interface Explanation {
  scenario: string
  seed: number
  runs: number
  question: string
  ask: string
  probability: number | null
  low: number | null
  high: number | null
  routes: Route[]
  pivotal: Pivotal[]
  parting: Partings
  stories: Story[]
  method: string
}

/**
 * A branch point with its continuations; `event` says after which event it lies, if after one.
 *
 * `changes` are numbers, `written` the same in the author's words (`holder[ford]`: `blue`). `notes` are sentences that
 * a reader of the numbers should know.
 */
export interface Branching {
  scenario: string
  seed: number
  run: number
  event: string | null
  at: string
  days: number
  continuations: number
  changes: Record<string, number>
  questions: Branched[]
  written: Record<string, string>
  notes: string[]
}

/**
 * The probability of a yes by splitting, with its 95% interval.
 *
 * `zero` counts replicates whose estimate is 0. `importance` is the expression that was climbed. `runs_if_plain` is
 * how many plain runs would give as narrow an interval, None where the replicates do not differ.
 */
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
  levels: Passed[]
  importance: string
  declared: boolean
  runs_if_plain: number | null
  firings: number
}

/** A share of the variance with its 95% interval. */
export interface Share {
  value: number
  low: number
  high: number
}

/** The mean answer in one variant, with its 95% interval. */
export interface VariantMean {
  name: string
  mean: number
  low: number
  high: number
}

/** What a what-if changes in the answer to a question: a probability, or the mean of a number. */
export interface QuestionDifference {
  what: string
  question: string
  ask: string
  type: string
  paired: Difference
}

/**
 * What a what-if changes in a watched series at its last time, and when it had changed it most.
 *
 * Pairs in which it is not a finite number at that time are left out; `paired.runs` are those that are not.
 */
export interface SeriesDifference {
  what: string
  series: string
  paired: Difference
  most: number
  most_at: number
}

/**
 * What the model says to one claim.
 *
 * `effect` is the mean paired difference that the cause makes, by intervention: of a probability for a truth or a
 * question of yes or no, of days for a first time (runs that never see it count as its last day), else in `unit`.
 * `low` to `high` is its interval at the error of one look. `runs` pairs were used, `changed` of them differ.
 */
export interface ClaimFinding {
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
  unit: string | null
  base: number
  changed: number
  runs: number
  evidence: string[]
  against: string[]
  selection: Selection | null
}

/** One route to the outcome, with the 95% interval of its share of the runs that say yes. */
export interface Route {
  runs: number
  share: number
  low: number
  high: number
  marks: Mark[]
  sentence: string
}

/**
 * A kind of event whose removal undoes the outcome in `undone` of `tested` runs, beside plain differences.
 *
 * `with_yes` of the `with_runs` runs with such an event say yes; no share is taken of too few of them.
 */
export interface Pivotal {
  event: string
  rule: string
  binding: string
  evidence: string[]
  about: string
  tested: number
  undone: number
  share: number
  low: number
  high: number
  with_yes: number
  with_runs: number
  without_yes: number
  without_runs: number
  with_it: number | null
  without_it: number | null
  difference: number | null
  difference_low: number | null
  difference_high: number | null
}

/**
 * When the routes diverge, and when runs that say yes and runs that say no do; None where they never do.
 *
 * Only what comes before the answer is settled counts, so that no consequence of it is taken for a sign.
 */
export interface Partings {
  routes: Moment | null
  answers: Moment | null
}

/** The causal story of one run; `necessary` counts the necessary events, of which `events` has the weightiest. */
export interface Story {
  run: number
  answer: string
  days: number
  date: string
  tested: number
  necessary: number
  events: Told[]
  sentences: string[]
}

/**
 * One question from a branch point on: what the run itself says, and what its continuations say.
 *
 * `value` is the share of continuations that say yes (or see the date come), or the mean of a number; `low` to `high`
 * its 95% Monte Carlo interval. `own_date` is when a date came in the run itself, None where none did. `change` is the
 * paired difference that the change makes, None where there is none.
 */
export interface Branched {
  question: string
  ask: string
  type: string
  own: number
  own_date: string | null
  value: number
  low: number
  high: number
  change: Difference | null
}

/** A level, and the share of runs that come above it among those that came above the level before. */
export interface Passed {
  level: number
  share: number
}

/**
 * What changes in one number: its mean in the base case and in the what-if, and the mean paired difference.
 *
 * `base_around` and `variant_around` are the 95% Monte Carlo intervals of the two means, `low` to `high` that of the
 * difference. `changed` is the number of runs in which the two differ. `runs_if_independent` is how many runs of each
 * case independent seeds would have needed for an interval as narrow; None where no run differs.
 */
export interface Difference {
  base: number
  variant: number
  difference: number
  low: number
  high: number
  runs: number
  changed: number
  runs_if_independent: number | null
  base_around: [number, number]
  variant_around: [number, number]
}

/**
 * The effect by selection: the mean over runs that show the cause by themselves, less that over the others.
 *
 * Such runs differ in more than the cause, so this is what an observer would see, not what the cause does. `low` to
 * `high` is a 95% Monte Carlo interval; all three are None where there are too few runs of a kind.
 */
export interface Selection {
  given: string
  effect: number | null
  low: number | null
  high: number | null
  with_runs: number
  without_runs: number
}

/** An event that tells a route from the others: on which share of its trails it is, and on which of theirs. */
export interface Mark {
  event: string
  rule: string
  binding: string
  evidence: string[]
  about: string
  here: number
  elsewhere: number
}

/** When groups of runs can be told apart, and by which kind of event having come or not. */
export interface Moment {
  event: string
  rule: string
  binding: string
  evidence: string[]
  about: string
  days: number
  date: string
}

/** One event of a story. */
export interface Told {
  event: string
  rule: string
  binding: string
  evidence: string[]
  about: string
  days: number
  date: string
  does: Did[]
  instead: string[]
  necessary: boolean
  weight: Weight
}

/** What an event did to a later one of the story (None: to the answer), without it and with it. */
export interface Did {
  to: number | null
  how: string
  from_: number | null
  to_rate: number | null
}

/** The difference that an event makes to the probability of a yes in other luck, with its 95% interval. */
export interface Weight {
  difference: number
  low: number
  high: number
}

// Written by tools/write_types.py from standoff.report.findings; do not edit.
/* What verbs have found about a run and kept in its folder, in the types that the verbs write. */

/** A box of parameters as a plot shows it: its points over the two parameters that most surely limit it. */
export interface PlottedBox {
  /** The box without its points. */
  box: Box
  /** The parameter of the first number of each point, and of the second: the two that limit the box most. */
  across: string
  up: string
  /** Runs: the two parameters, and 1 where the answer is yes. */
  points: [number, number, number][]
  points_left_out: number
}

/** What the answers depend on; of each question the largest indices only. */
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
  game: SolvedGame | null
  levers: SolvedLevers | null
  /** Of each actor's policies only those between which an answer differs most. */
  deciders: Decided | null
  told: string[]
}

/** See standoff.analysis.spread.discovery.Box. */
export interface Box {
  question: string
  yes: boolean
  runs: number
  held_out: number
  base_rate: number
  base_low: number
  base_high: number
  coverage: number | null
  coverage_low: number | null
  coverage_high: number | null
  density: number | null
  density_low: number | null
  density_high: number | null
  mass: number | null
  mass_low: number | null
  mass_high: number | null
  limits: Limit[]
  together: DrawnTogether[]
  points: BoxPoint[]
}

/** See standoff.analysis.spread.sensitivity.Weight. */
export interface VariantWeight {
  name: string
  share: number
}

/** See standoff.analysis.spread.variance.Split. */
export interface Split {
  question: string
  ask: string
  type: string
  mean: number
  variance: number
  chance: Share | null
  parameters: Share | null
  interplay: Share | null
  structure: Share | null
  variants: VariantMean[]
  lacking: string[]
  note: string | null
}

/** See standoff.analysis.spread.sensitivity.Index. */
export interface Index {
  question: string
  name: string
  evidence: string[]
  total: Share
  members: string[]
}

/** See standoff.analysis.effects.comparison.Comparison. */
export interface Comparison {
  scenario: string
  seed: number
  runs: number
  whats: string[]
  unchanged: string[]
  questions: QuestionDifference[]
  series: SeriesDifference[]
  no_number: string[]
  refused: Refused[]
}

/** See standoff.analysis.effects.claims.Claims. */
export interface Claims {
  scenario: string
  seed: number
  error: number
  at_most: number
  claims: ClaimFinding[]
}

/** See standoff.analysis.explanations.findings.Explanation. */
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
  against: Pivotal[]
}

/** See standoff.analysis.effects.branching.Branching. */
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

/** See standoff.analysis.rarity.estimation.Rare. */
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

/** See standoff.strategy.game.SolvedGame. */
export interface SolvedGame {
  scenario: string
  seed: number
  blocks: number
  tolerance: Record<string, number>
  error: number
  players: Player[]
  payoffs: MeanPayoff[]
  equilibria: Equilibrium[]
  quantal: QuantalResponse | null
  notes: string[]
}

/** See standoff.strategy.lever_choice.SolvedLevers. */
export interface SolvedLevers {
  scenario: string
  seed: number
  actor: string
  unit: string | null
  worlds: number
  replicates: number
  others: Record<string, string[]>
  threshold: number | null
  choices: Choice[]
  values: LeverValue[]
  best: Best[]
  swings: LeverSwing[]
  notes: string[]
}

/** See standoff.strategy.deciders.Decided. */
export interface Decided {
  scenario: string
  seed: number
  runs: number
  policies: Record<string, string[]>
  questions: DecidedQuestion[]
}

/** See standoff.analysis.spread.discovery.Limit. */
export interface Limit {
  parameter: string
  low: number | null
  high: number | null
  unit: string | null
  evidence: string[]
  quasi_p: number
}

/** See standoff.analysis.spread.discovery.DrawnTogether. */
export interface DrawnTogether {
  parameter: string
  other: string
  rank: number
  low: number
  high: number
  all_low: number
  all_high: number
}

/** See standoff.analysis.spread.discovery.BoxPoint. */
export interface BoxPoint {
  values: Record<string, number>
  yes: boolean
}

/** See standoff.analysis.spread.variance.Share. */
export interface Share {
  value: number
  low: number
  high: number
}

/** See standoff.analysis.spread.variance.VariantMean. */
export interface VariantMean {
  name: string
  mean: number
  low: number
  high: number
}

/** See standoff.analysis.effects.comparison.QuestionDifference. */
export interface QuestionDifference {
  what: string
  question: string
  ask: string
  type: string
  paired: Difference
  says: string | null
}

/** See standoff.analysis.effects.comparison.SeriesDifference. */
export interface SeriesDifference {
  what: string
  series: string
  paired: Difference
  most: number
  most_at: number
}

/** See standoff.analysis.effects.comparison.Refused. */
export interface Refused {
  what: string
  question: string
  ask: string
  why: string
}

/** See standoff.analysis.effects.claims.ClaimFinding. */
export interface ClaimFinding {
  id: string
  says: string
  mechanism: string[]
  hedge: string | null
  cause: string
  expect: string
  verdict: 'holds' | 'weaker than claimed' | 'reversed' | 'not distinguishable'
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
  kind: 'thesis' | 'wiring'
  at_least: string | null
  least: number | null
  way: string[] | null
  rivals: RivalFinding[]
}

/** See standoff.analysis.explanations.findings.Route. */
export interface Route {
  runs: number
  share: number
  low: number
  high: number
  marks: Mark[]
  sentence: string
}

/** See standoff.analysis.explanations.findings.Pivotal. */
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
  settles: number
}

/** See standoff.analysis.explanations.findings.Partings. */
export interface Partings {
  routes: Moment | null
  answers: Moment | null
}

/** See standoff.analysis.explanations.findings.Story. */
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

/** See standoff.analysis.effects.branching.Branched. */
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

/** See standoff.analysis.rarity.estimation.Passed. */
export interface Passed {
  level: number
  share: number
}

/** See standoff.strategy.game.Player. */
export interface Player {
  actor: string
  unit: string | null
  policies: string[]
}

/** See standoff.strategy.payoffs.MeanPayoff. */
export interface MeanPayoff {
  profile: string[]
  actor: string
  mean: number
  low: number
  high: number
  blocks: number
}

/** See standoff.strategy.game.Equilibrium. */
export interface Equilibrium {
  shares: Record<string, Record<string, number>>
  standing: 'settled' | 'refuted' | 'not distinguishable'
  gains: GainByLeaving[]
  broken_by: GainByLeaving | null
  blocks: number
  more: number | null
  stability: number
  method: string
}

/** See standoff.strategy.game.QuantalResponse. */
export interface QuantalResponse {
  precision: Record<string, number>
  shares: Record<string, Record<string, Shares>>
  others: Record<string, Record<string, number>>[]
  turns: number[]
}

/** See standoff.strategy.lever_choice.Choice. */
export interface Choice {
  name: string
  policy: string | null
  values: Record<string, number>
}

/** See standoff.strategy.levers.LeverValue. */
export interface LeverValue {
  lever: string
  mean: Estimate
  worst: Estimate | null
  regret: Estimate | null
  share: Estimate | null
}

/** See standoff.strategy.levers.Best. */
export interface Best {
  criterion: 'mean' | 'worst' | 'regret' | 'share'
  lever: string
  clear: boolean
}

/** See standoff.strategy.lever_choice.LeverSwing. */
export interface LeverSwing {
  lever: string
  swing: Estimate
}

/** See standoff.strategy.deciders.DecidedQuestion. */
export interface DecidedQuestion {
  question: string
  ask: string
  type: string
  mean: number
  variance: number
  luck: Indices | null
  parameters: Indices | null
  deciders: Indices | null
  actors: ActorShare[]
  note: string | null
}

/** See standoff.analysis.effects.differences.Difference. */
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

/** See standoff.analysis.effects.claims.Selection. */
export interface Selection {
  given: string
  effect: number | null
  low: number | null
  high: number | null
  with_runs: number
  without_runs: number
}

/** See standoff.analysis.effects.claims.RivalFinding. */
export interface RivalFinding {
  rival: string
  verdict: 'holds' | 'weaker than claimed' | 'reversed' | 'not distinguishable'
  fails: boolean
  effect: number
  low: number
  high: number
  base: number
  changed: number
  runs: number
}

/** See standoff.analysis.explanations.findings.Mark. */
export interface Mark {
  event: string
  rule: string
  binding: string
  evidence: string[]
  about: string
  here: number
  elsewhere: number
}

/** See standoff.analysis.explanations.findings.Moment. */
export interface Moment {
  event: string
  rule: string
  binding: string
  evidence: string[]
  about: string
  days: number
  date: string
}

/** See standoff.analysis.explanations.findings.Told. */
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
  sentence: string
}

/** See standoff.strategy.game.GainByLeaving. */
export interface GainByLeaving {
  actor: string
  policy: string
  gain: number
  low: number
  high: number
}

/** See standoff.strategy.game.Shares. */
export interface Shares {
  share: number
  low: number
  high: number
}

/** See standoff.strategy.levers.Estimate. */
export interface Estimate {
  value: number
  low: number
  high: number
  plain: number | null
  world: string | null
}

/** See standoff.analysis.spread.factors.Indices. */
export interface Indices {
  first: Share
  total: Share
}

/** See standoff.strategy.deciders.ActorShare. */
export interface ActorShare {
  actor: string
  indices: Indices | null
  swing: Swing
  means: PolicyMean[]
}

/** See standoff.analysis.explanations.findings.Did. */
export interface Did {
  to: number | null
  how: string
  from_: number | null
  to_rate: number | null
}

/** See standoff.analysis.explanations.findings.Weight. */
export interface Weight {
  difference: number
  low: number
  high: number
}

/** See standoff.strategy.deciders.Swing. */
export interface Swing {
  least: string
  most: string
  difference: number
  low: number
  high: number
}

/** See standoff.strategy.deciders.PolicyMean. */
export interface PolicyMean {
  policy: string
  mean: number
  low: number
  high: number
}

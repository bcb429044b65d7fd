// What verbs have kept in the run folder. The mirror of src/standoff/report/findings.py and explained.py, field by field; a test compares them.

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
  changed: number
  runs_if_independent: number | null
}

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
  most_at: number
}

export interface Comparison {
  scenario: string
  seed: number
  runs: number
  whats: string[]
  unchanged: string[]
  differences: AnswerDifference[]
  series: WatchedDifference[]
}

export interface Selection {
  given: string
  effect: number | null
  low: number | null
  high: number | null
  with_runs: number
  without_runs: number
}

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
  unit: string | null
  base: number
  changed: number
  runs: number
  evidence: string[]
  against: string[]
  selection: Selection | null
}

export interface Claims {
  scenario: string
  seed: number
  error: number
  at_most: number
  claims: Claim[]
}

export interface Estimate {
  value: number
  low: number
  high: number
}

export interface VariantMean {
  name: string
  mean: number
  low: number
  high: number
}

export interface Spread {
  question: string
  ask: string
  type: string
  mean: number
  variance: number
  luck: Estimate | null
  parameters: Estimate | null
  interplay: Estimate | null
  structure: Estimate | null
  variants: VariantMean[]
  lacking: string[]
}

export interface TotalIndex {
  question: string
  name: string
  evidence: string[]
  total: Estimate
}

export interface VariantShare {
  name: string
  share: number
}

export interface Limit {
  parameter: string
  low: number | null
  high: number | null
  unit: string | null
  evidence: string[]
  quasi_p: number
}

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
  across: string
  up: string
  points: [number, number, number][]
  points_left_out: number
}

export interface Sense {
  scenario: string
  seed: number
  runs: number
  by: 'parameter' | 'paragraph'
  variants: VariantShare[]
  questions: Spread[]
  indices: TotalIndex[]
  indices_left_out: number
  weights: TotalIndex[]
  boxes: Box[]
}

export interface Level {
  level: number
  share: number
}

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
  runs_if_plain: number | null
  importance: string
  declared: boolean
}

export interface Changed {
  variant: number
  difference: number
  low: number
  high: number
}

export interface BranchedAnswer {
  question: string
  ask: string
  type: string
  own: number
  own_date: string | null
  value: number
  low: number
  high: number
  change: Changed | null
}

export interface Branching {
  scenario: string
  seed: number
  run: number
  event: string | null
  at: string
  continuations: number
  changes: Record<string, number>
  questions: BranchedAnswer[]
}

export interface Findings {
  compare: Comparison | null
  claims: Claims | null
  sense: Sense | null
  explain: Explanation[]
  branch: Branching | null
  rare: Rare | null
  told: string[]
}

export interface Mark {
  event: string
  rule: string
  binding: string
  evidence: string[]
  here: number
  elsewhere: number
}

export interface Way {
  runs: number
  share: number
  low: number
  high: number
  marks: Mark[]
  sentence: string
}

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

export interface Part {
  days: number
  date: string
  event: string
}

export interface Parting {
  routes: Part | null
  answers: Part | null
}

export interface Doing {
  to: number | null
  how: string
  from_rate: number | null
  to_rate: number | null
}

export interface Weight {
  difference: number
  low: number
  high: number
}

export interface StoryEvent {
  days: number
  date: string
  event: string
  rule: string
  binding: string
  evidence: string[]
  does: Doing[]
  instead: string[]
  necessary: boolean | null
  weight: Weight | null
}

export interface Story {
  run: number
  answer: string
  days: number | null
  date: string | null
  tested: number
  events: StoryEvent[]
  sentences: string[]
}

export interface Explanation {
  scenario: string
  seed: number
  runs: number
  question: string
  ask: string
  probability: number | null
  low: number | null
  high: number | null
  routes: Way[]
  pivotal: Pivot[]
  parting: Parting | null
  stories: Story[]
}

// Written by tools/write_types.py from standoff.report.scene; do not edit.
/*
 * Types of the whole page: the stage, all runs, some of them frame by frame, and the answers to the questions.
 *
 * The page's TypeScript is written from these types (`make types`).
 */
import type { Findings } from './findings'
import type { AllRuns, Fan, SampledRun } from './frames'
import type { Evidence, World } from './scenario_browser'
import type { Sheet, Stage } from './stage'

/** What was run, how often, and how to run it again. */
export interface Head {
  /** The scenario's versioned name, or that of its file. */
  name: string
  title: string
  about: string
  /** Runs finished: the denominator of every share on the page. */
  runs: number
  asked_runs: number
  /** True where the ensemble was interrupted before all runs were finished. */
  partial: boolean
  seed: number
  sampler: string
  digest: string
  variant: string | null
  settings: Record<string, number>
  /** How commands name the scenario: a bundled one by its name, another by the path it was run from. */
  given: string
  /** The line that makes the same runs again. */
  command: string
  version: string
}

/**
 * One question with its answer.
 *
 * `quantiles` (5, 25, 50, 75, 95 %) are of a number, or of the days since the start to a date; a quantile of a date is
 * None where it falls among the runs that never see it.
 */
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
  /** True where the interval reaches over more than one word of the scale. */
  spans: boolean
  runs: number
  /** Of a number. */
  mean: number | null
  quantiles: (number | null)[] | null
  median_low: number | null
  /** The 95 % Monte Carlo interval of the median. */
  median_high: number | null
  outcome: string
  /** The number that was recorded, where one was. */
  value: number | null
  why: string
  hindsight: boolean
  forecast: ForecastEntry | null
  /** Whose judgment that is, such as `Carnegie Middle East Center 2017`; empty where nobody is named. */
  source: string
  /** The answer in words, with its interval. */
  sentence: string
  /** The answer as one sentence in frequencies, as the brief and the terminal have it. */
  statement: string
  /** Its short name; empty where it has none. */
  title: string
  /** What a yes states, or what the number is; empty where its author has not put it so. */
  says: string
  about: string
  /** Of the question and of the source's own judgment. */
  evidence: Evidence[]
  /** How the answer changes with time: what it would be if its date were this one; None where no series tells. */
  course: Fan | null
  /** True where a yes stays one: whether something has happened by a date. */
  once: boolean
  /** Those that it names, by their position in `Stage.places`. */
  places: number[]
  /** What its answer turns on and what stands in the way, in sentences; empty where it is not explained. */
  turns: string
}

/** An uncertain number: its prior and what was drawn from it in these runs. */
export interface Parameter {
  name: string
  unit: string
  prior: string
  words: string
  /** True where its logarithm has the plain distribution, so that an axis of it has steps of tenfold. */
  logarithmic: boolean
  /** True where it is the same in every run. */
  fixed: boolean
  /** True where the scenario declares it; others are drawn by its words, such as the day of an inject. */
  declared: boolean
  about: string
  mean: number | null
  low: number | null
  /** `low` and `high` are the 5 % and 95 % quantiles of the drawn values. */
  high: number | null
  least: number | null
  most: number | null
  /** Runs by the value drawn, in equal steps from the least to the most, tenfold ones where it is logarithmic. */
  drawn: number[]
  assumption: boolean
  hindsight: boolean
  evidence: Evidence[]
}

/** A source that locators name. */
export interface Source {
  id: string
  title: string
  publisher: string
  date: string
  /** Where it can be read; empty where its author gives no web address. */
  url: string
}

/** Everything on the page. */
export interface Scene {
  head: Head
  brief: Brief
  reasons: Reasons
  stage: Stage
  ensemble: AllRuns
  sampled: SampledRun[]
  /** The numbers of these runs, which the brief needs without them. */
  shown_runs: number[]
  questions: Question[]
  scores: Score[]
  warning: string
  deals: DealGains[]
  /** What readers call each deal, by its id. */
  deal_names: Record<string, string>
  /** Of each claim whose effect is the answer to a question, that question. */
  claim_questions: Record<string, string>
  parameters: Parameter[]
  sources: Source[]
  notes: string[]
  /** What the scenario says that its model does not know, each to be read after "Left out:". */
  leaves_out: string[]
  findings: Findings
  world: World
  /** The place of each rule that an explanation names, by its position, where the rule names one itself. */
  happens_at: Record<string, number>
  /** What readers are told instead of an identifier: its title or the beginning of its `about`, if it has one. */
  meanings: Record<string, string>
  /** Twelve runs on the date of the main question; None where nothing is asked or no holder of a place is watched. */
  twelve: Twelve | null
  /** Of the main question: which uncertain numbers move it; of a number, whether it is above its median. */
  contrasts: Contrasts
}

/** See standoff.ensemble.manifest.ForecastEntry. */
export interface ForecastEntry {
  id: string | null
  low: number | null
  high: number | null
  words: string | null
  locators: string[]
}

/** See standoff.calibration.briefing.Brief. */
export interface Brief {
  headline: Told | null
  key_questions: Told[]
  declared: boolean
  record: string
  misses: Told[]
  hindsight: string
  scores: string[]
}

/** See standoff.calibration.reasons.Reasons. */
export interface Reasons {
  label: string
  why: string
  how_sure: string
  ranges: Range[]
}

/** See standoff.ensemble.answers.Score. */
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

/** See standoff.analysis.answers.gains.DealGains. */
export interface DealGains {
  deal: string
  about: string | null
  after: string[]
  dates: string[]
  together: Portion[]
  in_force: Portion[]
  parties: PartyGains[]
}

/** See standoff.report.twelve.Twelve. */
export interface Twelve {
  question: string
  step: number
  places: number[]
  sheet: Sheet | null
  holders: string[]
  asked: string[]
  runs: OneOfTwelve[]
}

/** See standoff.analysis.spread.thirds.Contrasts. */
export interface Contrasts {
  tried: number
  clear: Contrast[]
}

/** See standoff.calibration.briefing.Told. */
export interface Told {
  question: string
  sentence: string
}

/** See standoff.calibration.reasons.Range. */
export interface Range {
  of: string
  low: number
  high: number
  around: string
}

/** See standoff.analysis.answers.gains.Portion. */
export interface Portion {
  runs: number
  share: number | null
  low: number | null
  high: number | null
}

/** See standoff.analysis.answers.gains.PartyGains. */
export interface PartyGains {
  actor: string
  name: string
  must_agree: boolean
  gains: Gain[]
}

/** See standoff.report.twelve.OneOfTwelve. */
export interface OneOfTwelve {
  run: number
  answer: number | null
  held: number[]
  answers: (boolean | null)[]
}

/** See standoff.analysis.spread.thirds.Contrast. */
export interface Contrast {
  name: string
  low: number
  high: number
  low_yes: number
  low_runs: number
  high_yes: number
  high_runs: number
  difference: number
  difference_low: number
  difference_high: number
  about: string
  beside: string[]
}

/** See standoff.analysis.answers.gains.Gain. */
export interface Gain {
  date: string
  accepts: Portion
  median: number | null
  median_low: number | null
  median_high: number | null
}

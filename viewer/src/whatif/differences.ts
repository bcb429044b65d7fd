// What compare found, as rows: how far each what-if moves each answer, beside the answer of the run itself.
import type { Comparison, Decided, Difference } from '../types/findings'
import { longDate } from '../shared/dates'
import { type Around, asNumber, asShare, couldBeNothing, many, type Manner } from '../shared/numbers'
import { changed, keyQuestions, questionOf, readable } from '../shared/wording'
import type { Scene } from '../types/scene'
import { type Called } from './games'

export interface Line {
  what: string
  /** Where what is changed stands in the list of changes. */
  part: string
  /** The question or the series. */
  of: string
  label: string
  share: boolean
  manner: Manner
  /** The answer of the run itself; of what it does not ask, the base case of the comparison. */
  base: number
  /** The base and the difference together; a share is not less than 0 or more than 1. */
  variant: number
  difference: number
  low: number
  high: number
  runs: number
  /** Of so many pairs of runs that differ; null where it is measured otherwise. */
  changed: number | null
  nothing: boolean
  note: string
  /** One of the questions that come first. */
  first: boolean
  /** Where the way begins that is drawn, if not at the base. */
  from?: number
  /** What stands for the two values, and for the difference, if not they themselves. */
  told?: string
  around?: Around
  /** The two policies that are compared; they are too long for a column of values. */
  between?: string
  /** False where no base is drawn. */
  ghost?: boolean
  /** Not drawn. */
  bare?: boolean
}

/** The short name of a question; where it has none, all of it. */
export const nameOfQuestion = (scene: Scene, id: string, ask = ''): string => {
  const question = scene.questions.find((one) => one.id === id)
  return question?.title || question?.ask || ask || readable(id)
}

export function answerLines(scene: Scene, made: Comparison): Line[] {
  const question = questionOf(scene)
  const first = new Set(keyQuestions(scene))
  return made.questions.map((one) => {
    const share = one.type !== 'number'
    const asked = question(one.question)
    return named(scene, one.what, one.question, one.paired, {
      label: nameOfQuestion(scene, one.question, one.ask), share, unit: asked?.unit ?? '', first: first.has(one.question),
      base: (share ? asked?.probability : asked?.mean) ?? one.paired.base, note: one.type === 'date' ? 'by then' : '',
    })
  })
}

export function watchedLines(scene: Scene, made: Comparison): Line[] {
  const fans = new Map(scene.stage.charts.map((chart, i) => [
    chart.index.length ? `${chart.watch}[${chart.index.join(',')}]` : chart.watch, { ...chart, ...scene.ensemble.fans[i] },
  ]))
  return made.series.map((one) => {
    const fan = fans.get(one.series)
    const line = named(scene, one.what, one.series, one.paired, {
      label: fan?.label ?? one.series, share: fan?.true_runs != null, unit: fan?.unit ?? '', first: false, base: one.paired.base, note: '',
    })
    if (one.most !== 0) line.note = `most on ${longDate(scene.stage.starts, one.most_at)}: ${line.manner.difference(one.most)}`
    return line
  })
}

/** How far each answer moves between two policies of each actor. */
export function decidedLines(scene: Scene, made: Decided, called: Called): Line[] {
  const question = questionOf(scene)
  const first = new Set(keyQuestions(scene))
  return made.questions.flatMap((one) => one.actors.map(({ actor, swing, means }) => {
    const share = one.type !== 'number'
    const asked = question(one.question)
    const mean = (policy: string): number | undefined => means.find((each) => each.policy === policy)?.mean
    const paired = { ...swing, runs: made.runs, changed: null }
    const line = lineOf(`${called.actor(actor)}: another policy`, one.question, paired, {
      label: nameOfQuestion(scene, one.question, one.ask), share, unit: asked?.unit ?? '', first: first.has(one.question),
      base: (share ? asked?.probability : asked?.mean) ?? one.mean, note: '',
    })
    return {
      ...line, part: `actor:${actor}`, told: '', between: swing.least === swing.most ? '' : `“${called.policy(swing.least)}” → “${called.policy(swing.most)}”`,
      from: mean(swing.least), variant: mean(swing.most) ?? line.variant,
    }
  }))
}

type Measured = Pick<Difference, 'difference' | 'low' | 'high' | 'runs'> & { changed: number | null }
interface Meant { label: string; share: boolean; unit: string; base: number; note: string; first: boolean }

export function lineOf(what: string, of: string, paired: Measured, { unit, ...meant }: Meant): Line {
  const { difference, low, high } = paired
  const variant = meant.base + difference
  return {
    what, part: `what:${what}`, of, ...meant, manner: meant.share ? asShare : asNumber(unit),
    variant: meant.share ? within(variant) : variant, difference, low, high,
    runs: paired.runs, changed: paired.changed, nothing: couldBeNothing(low, high),
  }
}

/** A row of a what-if, which readers know by what it means. */
function named(scene: Scene, what: string, of: string, paired: Measured, meant: Meant): Line {
  return { ...lineOf(what, of, paired, meant), what: changed(scene, what) }
}

export const within = (share: number): number => Math.min(1, Math.max(0, share))

/** The largest difference first, beside the width of its interval for numbers of different units. */
export function byWeight(a: Line, b: Line): number {
  if (a.share !== b.share) return a.share ? -1 : 1
  const weight = (one: Line): number => (one.share ? Math.abs(one.difference) : Math.abs(one.difference) / ((one.high - one.low) / 2 || 1))
  return Number(a.nothing) - Number(b.nothing) || weight(b) - weight(a)
}

/** Which answers something moves, in a sentence. */
export function inASentence(lines: Line[]): string {
  const clear = lines.filter((line) => !line.nothing).toSorted(byWeight)
  const [most] = clear
  if (most === undefined) return `moves none of ${many(lines.length, 'answer')} clearly`
  const { value, range } = most.manner.around(most.difference, most.low, most.high)
  return `moves ${clear.length} of ${many(lines.length, 'answer')} clearly; most of all “${most.label}”, ${value} (${range})`
}

/** The columns of the table behind rows of differences, and its rows. */
export const COLUMNS = ['Change', 'Answer', 'Share or mean', 'Difference', 'Low (95%)', 'High (95%)', 'Pairs that differ', 'Pairs'].map((head) => ({ head }))
export const rowsOf = (lines: Line[]): (string | number | null)[][] =>
  lines.map((line) => [line.what, line.label, line.base, line.difference, line.low, line.high, line.changed, line.runs])

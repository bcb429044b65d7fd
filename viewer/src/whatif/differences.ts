// What compare found, as the lines of a plot.
import type { QuestionDifference, Comparison, SeriesDifference } from '../types/findings'
import { longDate } from '../shared/dates'
import { asNumber, asShare, couldBeNothing, type Manner } from '../shared/numbers'
import { questionOf, readable } from '../shared/wording'
import type { Scene } from '../types/scene'

export interface Line {
  what: string
  /** The question or the series. */
  of: string
  label: string
  share: boolean
  manner: Manner
  base: number
  variant: number
  difference: number
  low: number
  high: number
  runs: number
  changed: number
  independent: number | null
  nothing: boolean
  note: string
}

export function answerLines(scene: Scene, made: Comparison): Line[] {
  const question = questionOf(scene)
  return made.questions.map((one: QuestionDifference) => {
    const share = one.type !== 'number'
    const note = one.type === 'date' ? 'whether it comes by the date' : ''
    return line(one, one.question, one.ask || readable(one.question), share, question(one.question)?.unit ?? '', note)
  })
}

export function watchedLines(scene: Scene, made: Comparison): Line[] {
  const fans = new Map(scene.stage.charts.map((chart, i) => [
    chart.index.length ? `${chart.watch}[${chart.index.join(',')}]` : chart.watch, { ...chart, ...scene.ensemble.fans[i] },
  ]))
  return made.series.map((one: SeriesDifference) => {
    const fan = fans.get(one.series)
    const share = fan?.true_runs != null
    const manner = share ? asShare : asNumber(fan?.unit ?? '')
    const note = one.most === 0 ? '' : `most on ${longDate(scene.stage.starts, one.most_at)}: ${manner.difference(one.most)}`
    return line(one, one.series, fan?.label ?? one.series, share, fan?.unit ?? '', note)
  })
}

function line(one: QuestionDifference | SeriesDifference, of: string, label: string, share: boolean, unit: string, note: string): Line {
  const { paired } = one
  return {
    what: one.what, of, label, share, manner: share ? asShare : asNumber(unit),
    base: paired.base, variant: paired.variant, difference: paired.difference, low: paired.low, high: paired.high,
    runs: paired.runs, changed: paired.changed, independent: paired.runs_if_independent,
    nothing: couldBeNothing(paired.low, paired.high), note,
  }
}

/** The largest difference first, beside the width of its interval for numbers of different units. */
export function byWeight(a: Line, b: Line): number {
  if (a.share !== b.share) return a.share ? -1 : 1
  const weight = (one: Line): number => (one.share ? Math.abs(one.difference) : Math.abs(one.difference) / ((one.high - one.low) / 2 || 1))
  return Number(a.nothing) - Number(b.nothing) || weight(b) - weight(a)
}

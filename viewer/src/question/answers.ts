// What a question's answer, its source and its record read as, wherever it is shown.
import { dateAt, longDate, readingAt } from '../shared/dates'
import { numberRange, percent, percentRange, withUnit } from '../shared/numbers'
import type { Question, Scene } from '../types/scene'

/** The answer in a word or two: a share, a date or a number. */
export function briefAnswer(scene: Scene, question: Question): string {
  if (question.probability !== null) return percent(question.probability)
  const middle = question.quantiles?.[2] ?? null
  if (middle === null) return '–'
  return question.type === 'date' ? medianDate(scene.stage, question) : medianOf(question, question.unit)
}

/** The median of a date, by the hour only where its interval is shorter than a day. */
export function medianDate(head: { starts: string; days: number }, { quantiles, median_low: low, median_high: high }: Question): string {
  const middle = quantiles?.[2] ?? null
  if (middle === null) return 'later or never'
  return low !== null && high !== null && high - low < 1 ? dateAt(head, middle) : longDate(head.starts, readingAt(head, middle), false)
}

/** The median of a number, at the digits that its interval is worth. */
export function medianOf({ quantiles, median_low: low, median_high: high }: Question, unit: string): string {
  const middle = quantiles?.[2] ?? null
  return middle === null || low === null || high === null ? withUnit(middle, unit) : numberRange(middle, low, high, unit).value
}

/** The 95 % interval of the answer: of its share of runs, or of the median of a number. */
export function answerRange(question: Question): string {
  if (question.probability !== null) return percentRange(question.low ?? 0, question.high ?? 1, question.probability)
  const { quantiles, median_low: low, median_high: high } = question
  return low === null || high === null ? '' : numberRange(quantiles?.[2] ?? low, low, high).range
}

/** What was recorded; empty where nothing was. */
export function recorded(scene: Scene, question: Question): string {
  if (question.outcome !== '') return { yes: 'Yes', no: 'No', unclear: 'Unclear', void: 'Void' }[question.outcome] ?? question.outcome
  if (question.value === null) return ''
  return question.type === 'date' ? longDate(scene.stage.starts, question.value) : withUnit(question.value, question.unit)
}

/** What the source itself expected, as a range and in its words; empty where it says nothing. */
export function sourceRange(question: Question): string {
  const { low, high } = question.forecast ?? { low: null, high: null }
  if (low === null || high === null) return ''
  return low === high ? percent(low) : percentRange(low, high, (low + high) / 2)
}

/** Where on the axis of probability the outcome stands; null where it is neither yes nor no. */
export const outcomeAt = (question: Question): number | null => ({ yes: 1, no: 0 } as Record<string, number>)[question.outcome] ?? null

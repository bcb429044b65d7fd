// How the answer to a question changes with its date, and what it has come to on the date asked for.
import { daysToEnd, longDate } from '../shared/dates'
import { percent, percentRange, withUnit } from '../shared/numbers'
import type { Question, Scene } from '../types/scene'

/** The moment up to which a question asks: the end of its day. */
export const dueOf = (scene: Scene, question: Question): number =>
  Math.min(scene.stage.days, daysToEnd(scene.stage.starts, question.date))

/** The answer as a chart of its course shows it. */
export function answerOf(scene: Scene, question: Question): { day: number; says: string; share: number | null } {
  const middle = question.quantiles?.[2] ?? null
  const share = question.probability === null
    ? withUnit(middle, question.unit)
    : `${percent(question.probability)} (${percentRange(question.low ?? 0, question.high ?? 1, question.probability)})`
  const when = longDate(question.date)
  return {
    day: dueOf(scene, question),
    says: question.once ? `${share} by ${when}; not asked after it` : `${share} on ${when}`,
    share: question.type === 'number' ? middle : question.probability,
  }
}

// What is recorded of a question, in words.
import { longDate } from '../shared/dates'
import { withUnit } from '../shared/numbers'
import type { Question } from '../types/scene'

/** “happened”, “did not happen”, “is unclear”; empty where nothing is recorded, or a number. */
export function happened({ outcome }: Question): string {
  return { yes: 'happened', no: 'did not happen', unclear: 'is unclear' }[outcome] ?? ''
}

/** Whether most runs said otherwise than was recorded. */
export const isMissed = ({ outcome, probability }: Question): boolean =>
  probability !== null && ((outcome === 'yes' && probability < 0.5) || (outcome === 'no' && probability > 0.5))

/** Whether it hangs on which runs were made what most of them say. */
export const isClose = ({ low, high }: Question): boolean => low !== null && low < 0.5 && high! > 0.5

/** A number or a day of the axis of a question, in words. */
export function sayValue(question: Question, starts: string): (value: number) => string {
  return question.type === 'date' ? (value) => longDate(starts, value) : (value) => withUnit(value, question.unit)
}

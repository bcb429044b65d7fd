// In which order questions stand, and which of them words find.
import { keyQuestions } from '../shared/wording'
import type { Question, Scene } from '../types/scene'

export type Order = 'key' | 'date' | 'probability'

/** All questions in an order; by `key` those that matter come first, and the scenario's order holds among the others. */
export function ordered(scene: Scene, by: Order): Question[] {
  const keys = keyQuestions(scene)
  const place = (one: Question): number => (keys.includes(one.id) ? keys.indexOf(one.id) : keys.length)
  if (by === 'key') return scene.questions.toSorted((a, b) => place(a) - place(b))
  if (by === 'date') return scene.questions.toSorted((a, b) => a.date.localeCompare(b.date))
  return scene.questions.toSorted((a, b) => (b.probability ?? -1) - (a.probability ?? -1))
}

/** Whether a question has all of these words, in its text, its evidence or its source's number. */
export function fits(question: Question, words: string): boolean {
  const text = [question.ask, question.id, question.forecast?.id ?? '', ...question.evidence.map((one) => one.locator)].join(' ').toLowerCase()
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word))
}

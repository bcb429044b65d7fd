// Ids and counts in words.
import type { Question, Scene } from '../types/scene'

/** The question of an id, where the run asks it. */
export function questionOf(scene: Scene): (id: string) => Question | undefined {
  const by = new Map(scene.questions.map((question) => [question.id, question]))
  return (id) => by.get(id)
}

/** A name of the language as words. */
export const readable = (name: string): string => name.replaceAll('_', ' ')

/** A word in front of how many there are of it. */
export const many = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`

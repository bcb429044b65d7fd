// Ids, and the runs of the page, in words.
import type { Head, Question, Scene } from '../types/scene'
import { many, withSeed } from './numerals'

/** The question of an id, where the run asks it. */
export function questionOf(scene: Scene): (id: string) => Question | undefined {
  const by = new Map(scene.questions.map((question) => [question.id, question]))
  return (id) => by.get(id)
}

/** What a question is called where there is little room: its title, else what a yes states, else its words. */
export const nameOfQuestion = ({ title, says, ask }: Question): string => title || (says ? sentence(says) : ask)

/** The questions that matter, in the order of the brief. */
export const keyQuestions = (scene: Scene): string[] => scene.brief.key_questions.map((one) => one.question)

/** An address that a reader may be led to; empty where it is none of the web. */
export const webAddress = (url: string): string => (/^https?:\/\//i.test(url) ? url : '')

/** The first sentence of a text. */
export const firstSentence = (text: string): string => text.replace(/([.!?])\s.*$/s, '$1')

/** How a text begins, up to its first full stop or semicolon, to be read within a sentence. */
export const clause = (text: string): string => firstSentence(text).replace(/(?:;\s.*|\.)$/s, '')

/** A name of the language as words. */
export const readable = (name: string): string => name.replaceAll('_', ' ')

/** What readers are told instead of an identifier: its meaning, else its words. */
export const meaning = (scene: Scene, id: string): string => (Object.hasOwn(scene.meanings, id) ? scene.meanings[id]! : readable(id))

/** So many things in a row of words: a, b and c. */
export const listed = (parts: string[], last = 'and'): string => (parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}`)

/** What a text says beyond the name that was taken from its beginning. */
export const beyond = (name: string, about: string): string => {
  const whole = name.replace(/ …$/, '')
  return whole === name && about.toLowerCase().startsWith(name.toLowerCase()) ? about.slice(name.length).replace(/^\W+/, '') : about
}

/** As a sentence begins. */
export const sentence = (words: string): string => `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`

/** What a what-if changes, as readers are told: what its variant means, else the words that it was given. */
export const changed = (scene: Scene, what: string): string => sentence(meaning(scene, what))

/** The runs of the page: how many, and what makes the same ones again. */
export const runsOf = (head: Head): string => withSeed(many(head.runs, 'run'), head.sampler, head.seed)

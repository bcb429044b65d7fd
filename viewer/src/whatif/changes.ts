// What can be changed, as a list: what was compared, who decides what, and the uncertain numbers; and the questions that these move.
import type { Index } from '../types/findings'
import { asShare, many, percent } from '../shared/numbers'
import { nameOfIndex, shareWords } from '../question/spreads'
import { changed, keyQuestions } from '../shared/wording'
import type { Scene } from '../types/scene'
import { answerLines, decidedLines, nameOfQuestion, within, type Line } from './differences'
import { calledIn } from './games'

export interface Entry {
  /** What the address says of it: the part of the view, or the question. */
  key: string
  name: string
  /** What it comes to, beside the name. */
  says: string
  title?: string
}

export interface Group {
  name: string
  entries: Entry[]
}

export const BY_QUESTION = 'by-question'
const MOST_NUMBERS = 30

/** What is drawn of all changes: how far they move answers, and on which numbers the spread of the answers hangs. */
export interface Changes {
  lines: Line[]
  indices: Index[]
  groups: Group[]
  questions: Group[]
}

export function changesOf(scene: Scene): Changes {
  const { compare, sense, deciders, levers } = scene.findings
  const called = calledIn(scene)
  const compared = compare ? answerLines(scene, compare) : []
  const lines = [...compared, ...(deciders ? decidedLines(scene, deciders, called) : [])]
  const clear = (part: string): string => {
    const count = lines.filter((line) => line.part === part && !line.nothing).length
    return count === 0 ? '–' : many(count, 'answer')
  }
  const whats = (compare?.whats ?? []).map((what) => ({ key: `what:${what}`, name: changed(scene, what), title: what, says: compare?.unchanged.includes(what) ? 'nothing' : clear(`what:${what}`) }))
  const settings = levers ? [{ key: `setting:${levers.actor}`, name: `${called.actor(levers.actor)}: what it can set`, says: many(levers.choices.length, 'choice') }] : []
  const policies = Object.keys(deciders?.policies ?? {}).map((actor) => ({ key: `actor:${actor}`, name: `${called.actor(actor)}: another policy`, says: clear(`actor:${actor}`) }))
  // The surest first: of few runs the largest estimates are the least sure.
  const weights = (sense?.weights ?? []).filter(isClear).toSorted((a, b) => b.total.low - a.total.low).slice(0, MOST_NUMBERS)
  const numbers = weights.map((one) => ({ key: `number:${one.name}`, name: nameOfIndex(scene, one), title: one.name, says: '' }))
  const groups = [
    { name: 'Changes compared', entries: whats }, { name: 'Actors', entries: [...settings, ...policies] },
    { name: sense?.by === 'paragraph' ? 'Paragraphs of the sources' : 'Uncertain numbers', entries: numbers },
  ]
  return { lines, indices: sense?.indices ?? [], groups: groups.filter(({ entries }) => entries.length > 0), questions: questionsOf(scene, lines, sense?.indices ?? []) }
}

/** Whether a share of the spread is clearly more than none. */
export const isClear = (index: Index): boolean => index.total.low > 0

/** A share of the spread as a row; a share is drawn up to the whole. */
export function weightLine(scene: Scene, index: Index): Line {
  const { question, name, total } = index
  const [value, range] = shareWords(total).split(/ (?=\()/)
  return {
    what: nameOfIndex(scene, index), part: `number:${name}`, of: question, label: nameOfQuestion(scene, question), share: true, manner: asShare, base: 0, ghost: false,
    variant: within(total.value), difference: total.value, low: total.low, high: total.high, runs: 0, changed: null,
    nothing: !(total.low > 0), note: '', first: false, told: '', around: { value, range: range.slice(1, -1) },
  }
}

function questionsOf(scene: Scene, lines: Line[], indices: Index[]): Group[] {
  const moved = (of: string): number => lines.filter((line) => line.of === of && !line.nothing).length
  const weighed = new Set(indices.filter(isClear).map((index) => index.question))
  const entry = (id: string): Entry => {
    const count = moved(id)
    return { key: id, name: nameOfQuestion(scene, id), says: count === 0 ? '–' : many(count, 'change') }
  }
  const first = keyQuestions(scene)
  const others = scene.questions.map((one) => one.id).filter((id) => !first.includes(id))
  return [
    { name: 'Main questions', entries: first.map(entry) },
    { name: 'Others that something moves', entries: others.filter((id) => moved(id) > 0 || weighed.has(id)).map(entry) },
  ].filter(({ entries }) => entries.length > 0)
}

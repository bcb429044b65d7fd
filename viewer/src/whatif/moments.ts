// A branch from a moment: in a sentence, and as rows of answers.
import type { Branched, Branching } from '../types/findings'
import { dateWords } from '../shared/dates'
import { grouped, many, numberRange, plain } from '../shared/numbers'
import { nameOf } from '../shared/colour'
import { meaning, questionOf } from '../shared/wording'
import type { Scene } from '../types/scene'
import { inASentence, nameOfQuestion, lineOf, type Line } from './differences'

const share = (one: Branched): boolean => one.type !== 'number'

/** What was changed at the moment, as it was written; empty where nothing was. */
export function changesOf(scene: Scene, made: Branching): string {
  const called = nameOf(scene)
  const changed = (name: string): string => name.replace(/^(\w+)(?:\[(.*)\])?$/, (_, of: string, at?: string) => `${meaning(scene, of)}${at ? ` (${at.split(',').map((one) => called(one.trim())).join(', ')})` : ''}`)
  return Object.entries(made.written).map(([name, words]) => `${changed(name)} = ${called(words)}`).join(', ')
}

/** What the change at the moment does to the answers, or what the moment is where nothing is changed. */
export function inWords(scene: Scene, made: Branching, lines: Line[]): string {
  const changes = changesOf(scene, made)
  const when = made.event !== null ? `after ${meaning(scene, made.event)} on ${dateWords(made.at)}` : `from ${dateWords(made.at)}`
  if (changes === '') return `Run ${made.run}, continued ${many(made.continuations, 'time')} ${when}.`
  return `Run ${made.run} ${when}, with ${changes}: this ${inASentence(lines)}.`
}

/** What the run itself says. */
export function own(one: Branched): string {
  if (!share(one)) return plain(one.own)
  if (one.type !== 'date') return one.own > 0.5 ? 'yes' : 'no'
  return one.own > 0.5 ? (one.own_date === null ? 'comes' : dateWords(one.own_date)) : 'does not come'
}

/** Every way says what the run says, with the change and without it: the interval of a number is then a point. */
const settled = (one: Branched): boolean =>
  one.value === one.own && (share(one) ? one.own === 0 || one.own === 1 : one.low === one.high) &&
  (one.change === null || (one.change.difference === 0 && one.change.variant === one.value))

/** The answers of the continuations, told as counts: they are about one run, and no answers of the report. */
export function branchedLines(scene: Scene, made: Branching): { open: Line[]; same: Line[] } {
  const question = questionOf(scene)
  const count = (share_: number): string => grouped(share_ * made.continuations)
  const line = (one: Branched): Line => {
    const asked = question(one.question)
    const meant = { label: nameOfQuestion(scene, one.question, one.ask), share: share(one), unit: asked?.unit ?? '', first: false, note: `this run: ${own(one)}` }
    if (one.change !== null) {
      const changed = lineOf('', one.question, one.change, { ...meant, base: one.value })
      return share(one) ? { ...changed, told: `${count(one.value)} → ${count(changed.variant)} of ${made.continuations}` } : changed
    }
    // Nothing was changed: the continuations of the moment stand beside all runs of the report.
    const base = asked?.probability ?? one.value
    const measured = { difference: one.value - base, low: one.low - base, high: one.high - base, runs: made.continuations, changed: null }
    const range = share(one) ? `${count(one.low)} to ${count(one.high)}` : numberRange(one.value, one.low, one.high).range
    const around = { value: share(one) ? `${count(one.value)} of ${made.continuations}` : plain(one.value), range }
    return { ...lineOf('', one.question, measured, { ...meant, base }), told: '', around, nothing: false, bare: !share(one) }
  }
  return { open: made.questions.filter((one) => !settled(one)).map(line), same: made.questions.filter(settled).map(line) }
}

// What moves the main answer most: what-ifs, decisions and uncertain numbers whose effect is clear, in words.
import { asShare, percent, percentRange, shareWithInterval } from '../shared/numbers'
import { nameOf } from '../shared/colour'
import { changed, meaning, sentence } from '../shared/wording'
import type { Look } from '../look.svelte'
import type { Difference, PolicyMean } from '../types/findings'
import type { Contrast, Question, Scene } from '../types/scene'

export interface Mover {
  /** What is changed. */
  what: string
  /** What that does, with its interval. */
  does: string
  /** More about it, on hover. */
  about: string
  /** The shares of yes on both sides: without the change and with it, or where the number is low and high. */
  from: number
  to: number
  /** The middle of the interval around `to`, by which its digits are told. */
  like?: number
  /** What these two are called. */
  ends: [string, string]
  size: number
  number: boolean
  leads: Parameters<Look['to']>[0]
}

const MOST = 3

const points = (difference: number, low: number, high: number): string => {
  const { value, range } = asShare.around(difference, low, high)
  return `${value} (${range})`
}

const often = (difference: number, words: string): string => `yes ${difference > 0 ? 'more' : 'less'} often, ${words}`

/** Those that move the answer most, the largest first; a number and something that can be changed among them, if clear. */
export function movers(scene: Scene, question: Question): Mover[] {
  const all = [...whatIfs(scene, question), ...decisions(scene, question), ...scene.contrasts.clear.map((one) => numberOf(scene, question, one))]
  all.sort((a, b) => b.size - a.size)
  const first = all.slice(0, MOST)
  for (const wanted of [true, false]) {
    const foremost = all.find(({ number }) => number === wanted)
    if (foremost && !first.includes(foremost)) first.splice(MOST - 1, 1, foremost)
  }
  return first
}

/** What what-ifs do to the other questions that matter, the largest first and each question once: what could be changed. */
export function elsewhere(scene: Scene, most: number): Mover[] {
  const keys = new Map(scene.questions.filter(({ id }) => id !== scene.brief.headline?.question && scene.brief.key_questions.some(({ question }) => question === id)).map((one) => [one.id, one]))
  const clear = (scene.findings.compare?.questions ?? []).filter(({ question, paired: { low, high } }) => keys.get(question)?.probability != null && (low > 0 || high < 0))
  // A date may be that of the headline's own event.
  const first = new Map((scene.findings.compare?.questions ?? []).filter(({ question }) => question === scene.brief.headline?.question).map(({ what, paired }) => [what, paired.difference]))
  const others = clear.filter(({ what, paired }) => paired.difference !== first.get(what))
  others.sort((a, b) => Math.abs(b.paired.difference) - Math.abs(a.paired.difference))
  return others.filter(({ question }, i) => others.findIndex((one) => one.question === question) === i).slice(0, most).map(({ question, what, paired }) => {
    const { says, ask, probability } = keys.get(question)!
    const whatIf = ofWhatIf(scene, what, paired, probability!)
    return { ...whatIf, does: `${says ? sentence(says) : ask}, ${whatIf.does}` }
  })
}

// The answer of the run, moved by what pairs of runs say that the change does; no share leaves 0 to 1.
const ofWhatIf = (scene: Scene, what: string, { difference, low, high, runs }: Difference, probability: number): Mover => {
  const [to, least, most] = [difference, low, high].map((by) => Math.min(1, Math.max(0, probability + by)))
  const like = (least + most) / 2
  return {
    what: changed(scene, what),
    does: `yes in ${percent(to, like)} (${percentRange(least, most, like)}) instead of ${percent(probability)}`,
    about: `The same ${runs} runs with and without the change: ${points(difference, low, high)}.`,
    from: probability, to, like, ends: ['as it is', 'changed'], size: Math.abs(difference), number: false,
    leads: { view: 'whatif', part: `what:${what}` },
  }
}

function whatIfs(scene: Scene, { id, probability }: Question): Mover[] {
  if (probability === null) return []
  return (scene.findings.compare?.questions ?? [])
    .filter(({ question, paired }) => question === id && (paired.low > 0 || paired.high < 0))
    .map(({ what, paired }) => ofWhatIf(scene, what, paired, probability))
}

function decisions(scene: Scene, { id, probability }: Question): Mover[] {
  const decided = scene.findings.deciders?.questions.find(({ question }) => question === id)
  if (!decided || probability === null) return []
  const meanOf = (means: PolicyMean[], name: string): number => means.find(({ policy }) => policy === name)?.mean ?? probability
  const name = nameOf(scene)
  return decided.actors
    .filter(({ swing: { low, high } }) => low > 0 || high < 0)
    .map(({ actor, means, swing: { least, most, difference, low, high } }) => ({
      what: `What ${name(actor)} does`,
      does: `with “${meaning(scene, most)}” rather than “${meaning(scene, least)}”, ${often(difference, points(difference, low, high))}`,
      about: 'From runs in which each actor follows one of its policies throughout.',
      from: meanOf(means, least), to: meanOf(means, most), ends: [meaning(scene, least), meaning(scene, most)], size: Math.abs(difference), number: false,
      leads: { view: 'whatif', part: `actor:${actor}` },
    }))
}

function numberOf(scene: Scene, question: Question, one: Contrast): Mover {
  const [high, low] = [shareWithInterval(one.high_yes, one.high_runs), shareWithInterval(one.low_yes, one.low_runs)]
  return {
    what: sentence(whole(meaning(scene, one.name), one.about)),
    does: `${question.type === 'number' ? 'above the median' : 'yes'} in ${high} where it is high, in ${low} where it is low`,
    about: [one.about, together(scene, one)].filter(Boolean).join(' '),
    from: one.low_yes / one.low_runs, to: one.high_yes / one.high_runs, ends: ['low', 'high'], size: Math.abs(one.difference), number: true,
    leads: { view: 'library', part: 'assumptions' },
  }
}

/** What the runs cannot tell of a number that is correlated with others. */
const together = (scene: Scene, { beside }: Contrast): string =>
  beside.length ? `It is drawn together with “${beside.map((name) => meaning(scene, name)).join('”, “')}”: any of these may be what moves the answer.` : ''

/** A meaning; one that was cut short gives way to the first clause of what it was cut from. */
const whole = (said: string, about: string): string => (said.endsWith('…') ? about.trim().split(/[.;:(]\s|\s[-–—(]/)[0] : said)

// What the page shows is in its address: report.html#view=map&at=2017-09-05&place=raqqa&run=83. Without one, the brief.
import { dayOf, isoDate, readingAt } from './shared/dates'
import type { Scene } from './types/scene'

export const VIEWS = ['brief', 'map', 'question', 'whatif', 'library'] as const
export type View = (typeof VIEWS)[number]
/** Without places that have coordinates, what the view of the map shows through time is called the course. */
export const nameOfMap = (scene: Scene): string => (scene.stage.sheets.length > 0 ? 'Map' : 'Course')

/** What the view of the map shows, each with its name. */
export function partsOfMap({ stage, ensemble }: Scene): { part: string; says: string }[] {
  return [
    { part: '', says: 'The map', there: stage.sheets.length > 0 },
    { part: 'places', says: 'Places through time', there: ensemble.control.length > 0 },
    { part: 'time', says: 'Numbers through time', there: ensemble.fans.length + ensemble.ladders.length > 0 },
    { part: 'order', says: 'Changing hands', there: ensemble.moves.length > 0 },
  ].filter(({ there }) => there)
}

/** The views that have something to show: that of the map none where no place has coordinates and nothing is watched. */
export const viewsOf = ({ stage }: Scene): View[] => VIEWS.filter((view) => view !== 'map' || stage.sheets.length > 0 || stage.watched)

export interface Shown {
  view: View
  /** The date, by its position in scene.stage.times. */
  step: number
  /** By its position in scene.stage.places; -1 for none. */
  place: number
  /** The id of a question; the main one where none is chosen. */
  question: string
  /** By its position in scene.sampled; -1 for all runs. */
  sampled: number
  /** Which part of a view that has several, such as a shelf of the library; empty for its first. */
  part: string
  /** How much is printed: `all`, or empty for what fits a reader's patience. */
  paper: string
}

/** The main question: the headline of the brief; empty where nothing is asked. */
export const mainQuestion = (scene: Scene): string => scene.brief.headline?.question ?? ''

/** The last reading by a day of the calendar. */
export function stepBy(scene: Scene, date: string): number {
  // A day without an hour is there up to its end.
  const last = date.includes('T') ? date : `${date}T24:00`
  return Math.max(0, scene.stage.times.findLastIndex((_, i) => dateOf(scene, i) <= last))
}

// Every link asks for it at every step of time.
const known = new WeakMap<Scene, Shown>()

/** What is shown where the address does not say otherwise: the brief, on the date of the main question. */
export function atFirst(scene: Scene): Shown {
  const found = known.get(scene) ?? firstOf(scene)
  known.set(scene, found)
  return found
}

function firstOf(scene: Scene): Shown {
  const question = mainQuestion(scene)
  const date = scene.questions.find((one) => one.id === question)?.date ?? scene.stage.ends
  return { view: 'brief', step: scene.twelve?.step ?? stepBy(scene, date), place: -1, question, sampled: -1, part: '', paper: '' }
}

/** What an address asks for, and in words what of that this page does not hold. */
export function readAddress(scene: Scene, address: string): { shown: Shown; unknown: string[] } {
  const asked = new URLSearchParams(address.replace(/^#/, ''))
  const first = atFirst(scene)
  const date = asked.get('at') ?? ''
  const dated = dayOf(date) !== null
  const places = scene.stage.places.findIndex((one) => one.id === asked.get('place'))
  const sampled = scene.shown_runs.findIndex((run) => String(run) === asked.get('run'))
  const question = scene.questions.find((one) => one.id === asked.get('question'))
  // A date, a place or a run alone is about the map.
  const implied: View = asked.has('question') ? 'question' : ['at', 'place', 'run'].some((key) => asked.has(key)) ? 'map' : 'brief'
  const views = viewsOf(scene)
  const view = VIEWS.find((one) => one === asked.get('view'))
  // Where there is no map, a run is told event by event, and the questions have courses through time.
  const instead: Pick<Shown, 'view' | 'part'> = sampled >= 0 ? { view: 'library', part: 'log' } : { view: scene.questions.length > 0 ? 'question' : 'brief', part: '' }
  const there = views.includes(view ?? implied) ? { view: view ?? implied, part: asked.get('part') ?? '' } : instead
  const unknown = [
    asked.has('view') && !view ? `a view “${asked.get('view')}” (there are ${views.join(', ')})` : '',
    view && !views.includes(view) ? 'a map (no place of the scenario has coordinates)' : '',
    asked.has('at') && !dated ? 'a date such as 2017-09-05' : '',
    asked.has('place') && places < 0 ? `a place “${asked.get('place')}”` : '',
    asked.has('question') && !question ? `a question “${asked.get('question')}”` : '',
    asked.has('run') && sampled < 0 ? `run ${asked.get('run')} (those it can show: ${scene.shown_runs.join(', ') || 'none'})` : '',
  ].filter((part) => part !== '')
  return {
    shown: {
      ...there,
      step: dated ? stepBy(scene, date) : first.step,
      place: places,
      question: question?.id ?? first.question,
      sampled,
      paper: asked.get('paper') ?? '',
    },
    unknown,
  }
}

// A dozen links ask for the date of the same reading.
const dates = new WeakMap<Scene, Map<number, string>>()

function dateOf(scene: Scene, step: number): string {
  const known = dates.get(scene) ?? new Map<number, string>()
  dates.set(scene, known)
  // The reading at the very end belongs to the last day.
  const date = known.get(step) ?? isoDate(scene.stage.starts, readingAt(scene.stage, scene.stage.times[step] ?? 0))
  known.set(step, date)
  return date
}

/** The address of what is shown; what is as at first is left out. */
export function addressOf(scene: Scene, { view, step, place, question, sampled, part, paper }: Shown): string {
  const first = atFirst(scene)
  const words = new URLSearchParams({ view })
  if (step !== first.step) words.set('at', dateOf(scene, step))
  if (place >= 0) words.set('place', scene.stage.places[place].id)
  if (question !== first.question || (view === 'question' && question !== '')) words.set('question', question)
  if (sampled >= 0) words.set('run', String(scene.shown_runs[sampled]))
  if (part !== '') words.set('part', part)
  if (paper !== '') words.set('paper', paper)
  return `#${words.toString()}`
}

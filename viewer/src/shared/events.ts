// A sampled run's events as sentences.
import { longDate } from './dates'
import { plain } from './numbers'
import { meaning } from './wording'
import { HAPPENING, type Happening, type SampledRun } from '../types/frames'
import type { Scene } from '../types/scene'

// What each PLOVER type is called, and how it takes its target. Nouns, since names of actors are of one and of many.
const NOUNS = new Map<string, [called: string, towards: string]>(Object.entries({
  ASSAULT: ['assault', 'on'], MOBILIZE: ['mobilization', 'against'], COERCE: ['coercion', 'of'], THREATEN: ['threat', 'to'],
  COOPERATE: ['cooperation', 'with'], CONSULT: ['talks', 'with'], AID: ['aid', 'to'], REJECT: ['rejection', 'of'],
  ACCUSE: ['accusation', 'of'], PROTEST: ['protest', 'against'], YIELD: ['yielding', 'to'],
  AGREE: ['agreement', 'with'], SANCTION: ['sanctions', 'on'], RETREAT: ['retreat', 'before'], REQUEST: ['request', 'to'],
  SUPPORT: ['support', 'for'],
}))

export interface Deed {
  type: string
  mode: string
  source: string
  target: string
  place: string
  size: number | null
}

/** Such as: US Central Command: threat (leaflets) to Iraqi Shia fighters at Zarqa junction. Nothing where there is no header. */
export function phraseOf(deed: Deed, name: (id: string) => string): string {
  const [called, towards] = NOUNS.get(deed.type) ?? [deed.type.toLowerCase(), 'towards']
  let said = [called, deed.mode ? `(${deed.mode})` : ''].filter((part) => part !== '').join(' ')
  if (deed.target) said += ` ${towards} ${name(deed.target)}`
  if (deed.place) said += ` at ${name(deed.place)}`
  if (deed.size !== null) said += `, size ${plain(deed.size)}`
  return deed.source ? [name(deed.source), said.trim()].filter((part) => part !== '').join(': ') : said.trim()
}

export interface Told {
  time: number
  type: string
  source: string
  target: string
  place: string
  /** What happened, without date and rule. */
  what: string
  /** What its rule means, where that is not what happened. */
  rule: string
  /** The identifier of its rule. */
  id: string
  sentence: string
}

export interface Opened {
  run: SampledRun
  /** The texts that its frames have told so far, by their position. */
  words: string[]
}

/** One sampled run with its words. */
export function openedOf(scene: Scene, sampled: number): Opened {
  const run = scene.sampled[sampled]
  return { run, words: run.frames.flatMap((frame) => frame.words) }
}

/** Every event of one sampled run, told. */
export function tellRun(scene: Scene, sampled: number, name: (id: string) => string): Told[] {
  const { run, words } = openedOf(scene, sampled)
  const word = (index: number | null): string => (index === null || index < 0 ? '' : words[index])
  return run.frames.flatMap((frame) => frame.events).map((row) => {
    const event = Object.fromEntries(HAPPENING.map((column, i) => [column, row[i]])) as unknown as Happening
    const type = word(event.type)
    const source = word(event.source)
    const target = word(event.target)
    const place = word(event.place)
    const when = `Day ${Math.floor(event.time + 1e-9)} (${longDate(scene.stage.starts, event.time)})`
    const said = phraseOf({ type, mode: word(event.mode), source, target, place, size: event.size }, name)
    const rule = meaning(scene, word(event.rule))
    // A rule without an event header leaves its meaning, and for whom and where it fired, only.
    const bound = word(event.binding).split(', ').map((part) => name(part.slice(part.indexOf('=') + 1))).join(', ')
    const fires = word(event.binding) === '' ? rule : `${rule} (${bound})`
    const sentence = said === '' ? `${when}: ${fires}` : `${when}: ${said} [${rule}]`
    return { time: event.time, type: type || 'no type', source, target, place, what: said || fires, rule: said === '' ? '' : rule, id: word(event.rule), sentence }
  })
}

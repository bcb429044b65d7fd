// A sampled run's events as sentences.
import { longDate } from '../parts/numbers'
import type { Happening, Scene } from '../scene/scene'

const COLUMNS: (keyof Happening)[] = ['time', 'rule', 'binding', 'type', 'mode', 'source', 'target', 'place', 'size']

// How each PLOVER type takes its target.
export const TOWARDS: Record<string, string> = {
  ASSAULT: ' on', MOBILIZE: ' against', COERCE: '', THREATEN: '', COOPERATE: ' with', CONSULT: ' with', AID: ' to',
  REJECT: '', ACCUSE: '', PROTEST: ' against', YIELD: ' to', CONCEDE: ' to', AGREE: ' with', SANCTION: '',
  RETREAT: ' before', REQUEST: ' of', SUPPORT: '',
}

export interface Told {
  time: number
  type: string
  source: string
  target: string
  place: string
  /** What happened, without date and rule. */
  what: string
  rule: string
  sentence: string
}

/** Every event of one sampled run, told. */
export function tellRun(scene: Scene, sampled: number, name: (id: string) => string): Told[] {
  const word = (index: number | null): string => (index === null || index < 0 ? '' : scene.words[index])
  return scene.sampled[sampled].events.map((row) => {
    const event = Object.fromEntries(COLUMNS.map((column, i) => [column, row[i]])) as unknown as Happening
    const type = word(event.type)
    const source = word(event.source)
    const target = word(event.target)
    const place = word(event.place)
    const rule = word(event.rule)
    const when = `Day ${Math.floor(event.time + 1e-9)} (${longDate(scene.head.starts, event.time)})`
    let said = type === '' ? '' : type.toLowerCase()
    if (source) said = said ? `${name(source)} ${said}` : name(source)
    if (word(event.mode)) said += ` (${word(event.mode)})`
    if (target) said += `${TOWARDS[type] ?? ' towards'} ${name(target)}`
    if (place) said += ` at ${name(place)}`
    if (event.size !== null) said += `, size ${Number(event.size.toPrecision(3))}`
    const from = rule.replaceAll('_', ' ')
    const binding = word(event.binding)
    // A rule without an event header leaves its name and binding only.
    const fires = `fires${binding ? ` for ${binding}` : ''}`
    const sentence = said === '' ? `${when}: rule ${from} ${fires}` : `${when}: ${said} [rule ${from}]`
    return { time: event.time, type: type || 'no type', source, target, place, what: said || fires, rule: from, sentence }
  })
}

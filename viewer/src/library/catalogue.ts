// All that a scenario declares as one list, in which everything has an address and is found by its words.
import { sentenceOf } from '../map/record'
import { nameOf } from '../shared/colour'
import { givenDate } from '../shared/dates'
import { verbOf } from '../shared/ties'
import { meaning, readable, sentence } from '../shared/wording'
import type { Scene } from '../types/scene'
import type { Evidence, Line, WrittenEntry } from '../types/scenario_browser'

const SEVERAL: Record<string, string> = { watch: 'watched numbers', define: 'definitions', state: 'states', begin: 'values at the start', kinds: 'kinds of entities', sees: 'sights', record: 'recorded events', parameters: 'uncertain numbers' }
/** Names of these stand in statements; the first that knows a name is where it leads. */
const MEANT = ['parameters', 'state', 'define', 'groups', 'relations', 'rules', 'decisions', 'deals', 'zones', 'corridors', 'red_lines', 'actors', 'places', 'kinds']

export interface Item extends WrittenEntry {
  /** Where it stands in the library: `rules/column_probes`. */
  part: string
  /** What readers call it. */
  name: string
  /** All its words, to be searched. */
  words: string
}

export interface Catalogue {
  items: Item[]
  /** Sections in their order, and what their entries are called. */
  sections: Map<string, string>
  /** Where a name leads that stands in a statement. */
  meant: Map<string, string>
}

const made = new WeakMap<Scene, Catalogue>()

export function catalogueOf(scene: Scene): Catalogue {
  let catalogue = made.get(scene)
  if (!catalogue) made.set(scene, (catalogue = make(scene)))
  return catalogue
}

function make(scene: Scene): Catalogue {
  const items = [...scene.world.entries, ...ties(scene), ...record(scene), ...numbers(scene)].map(filed)
  // Two roads may join the same places.
  const seen = new Set<string>()
  for (const item of items) {
    for (let i = 2; seen.has(item.part); i += 1) item.part = `${item.section}/${item.id}-${i}`
    seen.add(item.part)
  }
  const sections = new Map(items.map(({ section }) => [section, SEVERAL[section] ?? readable(section)]))
  const meant = new Map<string, string>()
  for (const section of MEANT) for (const item of items) if (item.section === section && !meant.has(item.id)) meant.set(item.id, item.part)
  return { items, sections, meant }
}

function filed(entry: WrittenEntry): Item {
  const { id, section, kind, title, about, mechanisms, lines, evidence } = entry
  const name = title || readable(id)
  const words = [id, name, kind, about, ...mechanisms, ...lines.flatMap((line) => line.texts), ...evidence.flatMap(({ locator, says }) => [locator, says])]
  return { ...entry, part: `${section}/${id}`, name, words: words.join(' ').toLowerCase() }
}

const line = (label: string, text: string): Line[] => (text === '' ? [] : [{ label, texts: [text] }])
const entry = (section: string, kind: string, id: string, title: string, about: string, lines: Line[], evidence: Evidence[], mechanisms: string[] = []): WrittenEntry =>
  ({ section, kind, id, title, about, lines, mechanisms, evidence })

function ties(scene: Scene): WrittenEntry[] {
  const name = nameOf(scene)
  return scene.world.ties.map((tie) =>
    entry('ties', tie.kind, `${tie.kind}-${tie.source}-${tie.target}`, `${name(tie.source)} ${verbOf(tie.kind)} ${name(tie.target)}`, tie.about, line('strength', tie.strength), tie.evidence, tie.mechanisms))
}

function record(scene: Scene): WrittenEntry[] {
  const name = nameOf(scene)
  return scene.world.record.map((event) => {
    const [from, to] = [givenDate(scene.stage.starts, event.day), givenDate(scene.stage.starts, event.last)]
    const when = from === to ? from : `${from} to ${to}`
    return entry('record', 'recorded event', event.id, sentenceOf(scene, event, name), event.about, line('on', when), event.evidence)
  })
}

function numbers(scene: Scene): WrittenEntry[] {
  return scene.parameters.filter((one) => one.declared).map((one) =>
    entry('parameters', 'uncertain number', one.name, sentence(meaning(scene, one.name)), one.about, [...line('prior', one.prior), ...line('unit', one.unit)], one.evidence))
}

/** Words as a search takes them: all must be there. */
export const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter((word) => word !== '')

// Written by tools/write_types.py from standoff.report.scenario_browser; do not edit.
/* Types of the scenario browser: everything that a scenario declares, as its author wrote it, and the record. */

/** Where a number or a rule comes from: a locator of a source, or a word such as `assumption`. */
export interface Evidence {
  locator: string
  says: string
  hindsight: boolean
  contradicts: boolean
}

/** An actor that has a tie, where the graph draws it: both numbers from 0 to 1. */
export interface Node {
  actor: string
  x: number
  y: number
}

/** A relation of two actors; patrons and those who restrain point at the other, allies and rivals go both ways. */
export interface Tie {
  kind: string
  source: string
  target: string
  strength: string
  about: string
  mechanisms: string[]
  evidence: Evidence[]
}

/** One part of an entry: what it says, such as `while`, and the words of its author, a statement each. */
export interface Line {
  label: string
  texts: string[]
}

/** Something that a scenario declares, such as a rule, as its author wrote it, with its evidence. */
export interface WrittenEntry {
  id: string
  /** By the key of the scenario that holds it, such as `rules`. */
  section: string
  kind: string
  /** What readers call it: its title, or the beginning of `about`; empty where it has neither. */
  title: string
  about: string
  lines: Line[]
  mechanisms: string[]
  evidence: Evidence[]
}

/** An event that was observed; days count from the start, `last` is the last day on which it can have happened. */
export interface Recorded {
  id: string
  day: number
  last: number
  type: string
  mode: string
  source: string
  target: string
  /** By its position in `Stage.places`. */
  place: number | null
  size: number | null
  times: number
  /** Who holds the place from then on, the empty text for nobody; None where it did not change hands. */
  holder: string | null
  about: string
  evidence: Evidence[]
}

/** What the scenario browser shows. */
export interface World {
  nodes: Node[]
  ties: Tie[]
  /** In the order of sections in which they are read: what happens, who chooses what, and what it happens to. */
  entries: WrittenEntry[]
  /** In the order of days. */
  record: Recorded[]
}

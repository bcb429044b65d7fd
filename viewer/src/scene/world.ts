// Who is tied to whom and what can happen. The mirror of src/standoff/report/world.py, field by field; a test compares them.

export interface Evidence {
  locator: string
  says: string
  hindsight: boolean
  contradicts: boolean
}

export interface Node {
  actor: string
  x: number
  y: number
}

export interface Tie {
  kind: string
  source: string
  target: string
  strength: string
  about: string
  evidence: Evidence[]
}

export interface Line {
  label: string
  texts: string[]
}

export interface WrittenRule {
  id: string
  kind: string
  about: string
  lines: Line[]
  mechanisms: string[]
  evidence: Evidence[]
}

export interface Recorded {
  id: string
  day: number
  last: number
  type: string
  mode: string
  source: string
  target: string
  place: number | null
  size: number | null
  times: number
  holder: string | null
  about: string
  evidence: Evidence[]
}

export interface World {
  nodes: Node[]
  ties: Tie[]
  rules: WrittenRule[]
  record: Recorded[]
}

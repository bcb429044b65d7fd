// What is chosen on the map, of which the drawer tells: a place stands in the address, what else there is stands here.
export type Picked =
  | { kind: 'actor'; id: string }
  | { kind: 'corridor'; at: number }
  | { kind: 'question'; id: string }
  /** What was recorded, or happens in the run that is shown, up to one reading and after the one before it. */
  | { kind: 'events'; step: number; recorded: boolean }
  | { kind: 'routes' }
  | { kind: 'branch' }

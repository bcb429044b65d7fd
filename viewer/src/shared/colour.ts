// Who is shown in which colour; nobody is the empty id.
import type { Scene } from '../types/scene'

export function colourOf(scene: Scene): (id: string) => string {
  const by = new Map(scene.stage.actors.map((actor) => [actor.id, actor.colour]))
  // Dark colours are lifted on a dark page; on a light one --keep is 100% and they stay the author's.
  return (id) => (by.has(id) ? `color-mix(in srgb, ${by.get(id)} var(--keep), white)` : 'var(--nobody)')
}

export function nameOf(scene: Scene): (id: string) => string {
  const by = new Map(Object.entries(scene.stage.names))
  return (id) => (id === '' ? 'nobody' : (by.get(id) ?? id.replaceAll('_', ' ')))
}

const CORRIDORS = ['var(--corridor-1)', 'var(--corridor-2)', 'var(--corridor-3)']

/** The colour of the n-th corridor; none of them is a likely colour of an actor. */
export function corridorColour(position: number): string {
  return CORRIDORS[position % CORRIDORS.length]
}

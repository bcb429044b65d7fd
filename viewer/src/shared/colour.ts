// Who is shown in which colour, and under which mark; nobody is the empty id.
import type { Scene } from '../types/scene'

export function colourOf(scene: Scene): (id: string) => string {
  const by = new Map(scene.stage.actors.map((actor) => [actor.id, actor.colour]))
  // Dark colours are lifted on a dark page; on a light one --keep is 100% and they stay the author's.
  return (id) => (by.has(id) ? `color-mix(in srgb, ${by.get(id)} var(--keep), white)` : 'var(--nobody)')
}

/** The pattern over the colour of somebody, as a fill: it tells holders apart without hues; empty where the colour does. */
export function markOf(scene: Scene): (id: string) => string {
  const by = new Map(scene.stage.actors.map(({ id, mark, colour }) => [id, mark && `url(#${patternOf(mark, darkInk(colour, 1))})`]))
  return (id) => (id === '' ? 'url(#nobody)' : (by.get(id) ?? ''))
}

/** The id of the pattern of a mark, in dark or in pale ink; `Marks.svelte` draws them. */
export function patternOf(mark: string, dark: boolean): string {
  return `mark-${mark}-${dark ? 'dark' : 'pale'}`
}

export function nameOf(scene: Scene): (id: string) => string {
  const by = new Map(Object.entries(scene.stage.names))
  return (id) => (id === '' ? 'nobody' : (by.get(id) ?? id.replaceAll('_', ' ')))
}

const CORRIDORS = ['var(--corridor-1)', 'var(--corridor-2)', 'var(--corridor-3)']

/** How wide a corridor is drawn, by which they are told apart without hues. */
export const corridorWidth = (at: number): number => Math.max(3, 7 - 2.5 * at)

/** The colour of the n-th corridor; none of them is a likely colour of an actor. */
export function corridorColour(position: number): string {
  return CORRIDORS[position % CORRIDORS.length]
}

/** Whether dark ink reads better than light on this colour, `#rrggbb`, of which so much is kept and the rest is white. */
export function darkInk(colour: string, kept: number): boolean {
  // Relative luminance as WCAG 2 has it; 0.18 is where black and white contrast alike.
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = (parseInt(colour.slice(at, at + 2), 16) / 255) * kept + (1 - kept)
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18
}

// What was observed: which of it is recent on a day, who held what by it, and each event as a sentence.
import { TOWARDS } from '../time/events'
import type { Scene } from '../scene/scene'
import type { Recorded } from '../scene/world'

export const RECENT_DAYS = 14

/** The events that can have happened on this day or in the two weeks before it. */
export function recordedLately(scene: Scene, day: number): Recorded[] {
  return scene.world.record.filter((event) => event.day <= day && event.last > day - RECENT_DAYS)
}

/** Who holds each place by the record on this day, for places that the record tells of; nobody is the empty id. */
export function recordedHolders(scene: Scene, day: number): Map<number, string> {
  const held = new Map<number, string>()
  for (const event of scene.world.record) {
    if (event.place !== null && event.holder !== null && event.last <= day) held.set(event.place, event.holder)
  }
  return held
}

/** Such as: Islamic State retreat (place lost) before SDF at Raqqa, 19 times. */
export function sentenceOf(scene: Scene, event: Recorded, name: (id: string) => string): string {
  let said = event.type.toLowerCase()
  if (event.source) said = `${name(event.source)} ${said}`
  if (event.mode) said += ` (${event.mode})`
  if (event.target) said += `${TOWARDS[event.type] ?? ' towards'} ${name(event.target)}`
  if (event.place !== null) said += ` at ${scene.places[event.place].name}`
  if (event.size !== null) said += `, size ${Number(event.size.toPrecision(3))}`
  return event.times > 1 ? `${said}, ${event.times} times` : said
}

// What was observed: which of it is recent on a day, who held what by it, and each event as a sentence.
import { phraseOf } from '../shared/events'
import type { Scene } from '../types/scene'
import type { Recorded } from '../types/scenario_browser'

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

/** Such as: Islamic State: retreat (place lost) before SDF at Raqqa, 19 times. */
export function sentenceOf(scene: Scene, event: Recorded, name: (id: string) => string): string {
  const phrase = phraseOf({ ...event, place: event.place === null ? '' : scene.stage.places[event.place].id }, name)
  return event.times > 1 ? `${phrase}, ${event.times} times` : phrase
}

// What the twelve runs can show: small maps where they differ on one, else what each answers to the key questions.
import type { Scene, Twelve } from '../types/scene'

/** The places of the small map, and which of them these runs hold differently. */
export function onMap({ places, runs, sheet }: Twelve): { place: number; i: number; differs: boolean }[] {
  return places.flatMap((place, i) =>
    sheet?.places.includes(place) ? [{ place, i, differs: runs.some(({ held }) => held[i] !== runs[0].held[i]) }] : [])
}

export const hasMaps = (twelve: Twelve): boolean => onMap(twelve).some(({ differs }) => differs)

/** Where the run is on the map's page, null where its events are not in the page. */
export const shownAt = (scene: Scene, run: number): number | null => {
  const at = scene.shown_runs.indexOf(run)
  return at < 0 ? null : at
}

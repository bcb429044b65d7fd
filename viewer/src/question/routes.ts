// The routes to a yes in words, and the places that their events name.
import { clause, meaning, readable } from '../shared/wording'
import type { Mark, Route } from '../types/findings'
import type { Scene } from '../types/scene'

/** How much of a finding is shown: at a glance, all, or on paper what the glance leaves out. */
export type Show = 'brief' | 'full' | 'rest'

/** An event that a finding names. */
export interface Named {
  event: string
  rule: string
  binding: string
  about: string
}

/** What an event is, in the words of the scenario: what its rule means, and for whom and where it fired. */
export function meaningOf(scene: Scene, { event, rule, about, binding }: Named): string {
  const known = meaning(scene, rule)
  const what = known !== readable(rule) ? known : clause(about)
  if (what === '') return readable(event)
  const of = binding === '' || binding === 'any' ? '' : (/ (\(.*\))$/s.exec(event)?.[1] ?? '')
  return of ? `${what} ${of}` : what
}

const MOST_MARKS = 4
const more = (mark: Mark): boolean => mark.here > mark.elsewhere
const MOST = 2

/** What is commoner on a route than on the others. */
export const marking = (route: Route): Mark[] => route.marks.filter(more).slice(0, MOST_MARKS)

/** What tells a route from the others: what is commoner on it, and failing that, what is rarer. */
export function tellers(route: Route): Mark[] {
  const common = route.marks.filter(more).slice(0, MOST)
  return common.length > 0 ? common : route.marks.filter((mark) => !more(mark)).slice(0, 1)
}

/** What sets the runs of a route apart, such as: the column goes into the ring; not by way of: Washington leaves. */
export const toldBy = (scene: Scene, route: Route): string => {
  const marks = tellers(route)
  if (marks.length === 0) return 'no event tells these runs from the others'
  return marks.map((mark) => (more(mark) ? meaningOf(scene, mark) : `not by way of: ${meaningOf(scene, mark)}`)).join('; ')
}

/** Where an event is: the places of its binding, in its order, or the one that its rule names. */
export function placesOf(scene: Scene): (of: Named) => number[] {
  const by = new Map(scene.stage.places.map((place, i) => [place.id, i]))
  return ({ rule, binding }) => {
    const bound = binding.split(', ').flatMap((part) => by.get(part.slice(part.indexOf('=') + 1)) ?? [])
    return bound.length > 0 ? [...new Set(bound)] : [scene.happens_at[rule] ?? []].flat()
  }
}

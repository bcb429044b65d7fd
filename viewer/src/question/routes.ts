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

/** Where an event is: the places of its binding, in its order, or the one that its meaning names. */
export function placesOf(scene: Scene): (of: Named) => number[] {
  const by = new Map(scene.stage.places.map((place, i) => [place.id, i]))
  // A short id such as `raqqa` is how a text names the place whose full name is longer.
  const ids = scene.stage.places.map(({ id }, i) => ({ i, id: id.toLowerCase() })).filter(({ id }) => id.length > 3)
  const names = scene.stage.places.map(({ name }, i) => ({ i, name, word: new RegExp(`(?<!\\p{L})${name.replace(/[\^$.*+?()[\]{}|/\\]/g, '\\$&')}(?!\\p{L})`, 'u') })).sort((a, b) => b.name.length - a.name.length)
  return (of) => {
    const bound = of.binding.split(', ').flatMap((part) => by.get(part.slice(part.indexOf('=') + 1)) ?? [])
    if (bound.length > 0) return [...new Set(bound)]
    const text = meaningOf(scene, of)
    const named = names.find(({ name, word }) => name !== '' && word.test(text))
    if (named) return [named.i]
    const spoken = new Set(text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    return ids.filter(({ id }) => spoken.has(id)).slice(0, 1).map(({ i }) => i)
  }
}

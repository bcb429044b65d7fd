// The routes to a yes on the map: the events that mark one, at the places that they name.
import type { Explanation, Mark } from '../types/findings'
import type { Scene } from '../types/scene'

export interface Placed {
  mark: Mark
  /** The places that its binding names, by their positions; none where it names none. */
  places: number[]
  /** Who acts in it, as far as its binding says; empty for nobody. */
  actor: string
}

/** The values that a binding names, such as `syr` and `t2` of `a=syr, q=t2`. */
const named = (binding: string): string[] => binding.split(',').map((part) => part.slice(part.indexOf('=') + 1).trim())

/** The marks of a route, most telling first, each where its binding says. */
export function placedMarks(scene: Scene, marks: Mark[]): Placed[] {
  const places = new Map(scene.stage.places.map((place, i) => [place.id, i]))
  const actors = new Set(scene.stage.actors.map((actor) => actor.id))
  return marks.map((mark) => {
    const values = named(mark.binding)
    return { mark, places: values.flatMap((value) => places.get(value) ?? []), actor: values.find((value) => actors.has(value)) ?? '' }
  })
}

/** The explanation of a question with a yes to explain; of another where that one has none. */
export function explained(scene: Scene, question: string): Explanation | undefined {
  const some = scene.findings.explain.filter((one) => one.routes.length > 0)
  return some.find((one) => one.question === question) ?? some[0]
}

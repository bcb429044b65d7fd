// The routes to a yes on the map: the events that mark one, at the places that they name.
import { placesOf } from '../question/routes'
import type { Explanation, Mark } from '../types/findings'
import type { Scene } from '../types/scene'

export interface Placed {
  mark: Mark
  /** The places that it names, by their positions; none where it names none. */
  places: number[]
  /** Who acts in it, as far as its binding says; empty for nobody. */
  actor: string
}

/** The marks of a route, most telling first, each where it is. */
export function placedMarks(scene: Scene, marks: Mark[]): Placed[] {
  const where = placesOf(scene)
  const actors = new Set(scene.stage.actors.map((actor) => actor.id))
  return marks.map((mark) => ({ mark, places: where(mark), actor: mark.binding.split(/, |=/).find((word) => actors.has(word)) ?? '' }))
}

/** The explanation of a question with a yes to explain; of another where that one has none. */
export function explained(scene: Scene, question: string): Explanation | undefined {
  const some = scene.findings.explain.filter((one) => one.routes.length > 0)
  return some.find((one) => one.question === question) ?? some[0]
}

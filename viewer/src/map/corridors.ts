// Where a corridor is drawn: along its named paths, or where its places are most often in friendly hands.
import type { Scene } from '../types/scene'
import type { Corridor } from '../types/stage'
import type { Held } from './seen'

// Roads through a place that is never in friendly hands still connect, but only if there is no other way.
const LEAST_SHARE = 1e-4
const KM_COST = 1e-6

/** The paths to draw at one moment, as positions in scene.stage.places; holdings are of so many runs. */
export function pathsAt(scene: Scene, corridor: Corridor, holdings: Map<number, Held>, of: number, step: number): number[][] {
  if (!corridor.any_path) return corridor.paths
  const cost = (place: number): number => {
    const held = holdings.get(place)
    if (!held) return 0
    const runs = corridor.friendly.reduce((sum, id) => sum + (held.runs.get(id)?.[step] ?? 0), 0)
    return -Math.log(Math.max(LEAST_SHARE, runs / of))
  }
  const roads = new Map<number, [number, number][]>()
  for (const route of scene.stage.routes) {
    const [one, other] = route.ends
    const km = (route.km ?? 1) * KM_COST
    roads.set(one, [...(roads.get(one) ?? []), [other, km]])
    if (!route.one_way) roads.set(other, [...(roads.get(other) ?? []), [one, km]])
  }
  return [cheapest(corridor.ends, roads, cost)].filter((path) => path.length > 1)
}

/** The path of least cost between two places (Dijkstra 1959); empty where there is none. */
function cheapest(
  [from, to]: [number, number], roads: Map<number, [number, number][]>, cost: (place: number) => number,
): number[] {
  const best = new Map([[from, cost(from)]])
  const before = new Map<number, number>()
  const open = new Set([from])
  while (open.size > 0) {
    // Of two that cost the same the first place goes first, as in report/corridor_paths.py.
    const nearer = (a: number, b: number): boolean => best.get(a)! < best.get(b)! || (best.get(a)! === best.get(b)! && a < b)
    const here = [...open].reduce((a, b) => (nearer(a, b) ? a : b))
    if (here === to) break
    open.delete(here)
    for (const [there, km] of roads.get(here) ?? []) {
      const through = best.get(here)! + cost(there) + km
      if (through < (best.get(there) ?? Infinity)) {
        best.set(there, through)
        before.set(there, here)
        open.add(there)
      }
    }
  }
  if (!best.has(to)) return []
  const path = [to]
  while (path[0] !== from) path.unshift(before.get(path[0])!)
  return path
}

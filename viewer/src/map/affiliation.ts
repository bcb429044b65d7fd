// Whose friend and whose enemy an actor is, seen from one of them: the frame of its symbol.
import type { Scene } from '../types/scene'
import type { Affiliation } from './symbols'

interface Ties {
  stage: { actors: { id: string; patron: string }[] }
  world: { ties: { kind: string; source: string; target: string }[] }
}

/** The rule of `affiliations` for a reader. */
export const RULE = 'friend: itself, its allies and patrons, and whom they back; hostile: its rivals and whom they back; else neutral'

/**
 * How one actor sees all: what it is tied to itself comes before what others back, and enemies before friends of friends.
 * Whoever backs a client is its patron by a tie or by the client's own declaration; clients of clients count.
 */
export function affiliations(scene: Ties, by: string): Map<string, Affiliation> {
  const { ties } = scene.world
  const patrons = [
    ...ties.filter((tie) => tie.kind === 'patron').map((tie) => [tie.source, tie.target]),
    ...scene.stage.actors.filter((actor) => actor.patron !== '').map((actor) => [actor.patron, actor.id]),
  ]
  const others = (kind: string): string[] =>
    ties.filter((tie) => tie.kind === kind && (tie.source === by || tie.target === by))
      .map((tie) => (tie.source === by ? tie.target : tie.source))
  const friends = new Set([
    by, ...others('alliance'), ...patrons.filter(([, client]) => client === by).map(([patron]) => patron),
    ...patrons.filter(([patron]) => patron === by).map(([, client]) => client),
  ])
  const rivals = new Set(others('rivalry').filter((id) => !friends.has(id)))
  const seen = new Map<string, Affiliation>(scene.stage.actors.map((actor) => [actor.id, 'neutral']))
  for (const id of backed(friends, patrons)) seen.set(id, 'friend')
  for (const id of backed(rivals, patrons)) seen.set(id, 'hostile')
  for (const id of friends) seen.set(id, 'friend')
  return seen
}

/** These and, step by step, all their clients. */
function backed(first: Set<string>, patrons: string[][]): Set<string> {
  const friends = new Set(first)
  for (const id of friends) {
    for (const [patron, client] of patrons) if (patron === id) friends.add(client)
  }
  return friends
}

/** From whose side a reader looks first: the first actor that holds a place or is tied to one that does. */
export function firstView(scene: Scene): string {
  const holders = new Set(scene.ensemble.forces.flatMap((force) => force.holders))
  const tied = new Set(scene.world.ties.flatMap((tie) => (holders.has(tie.source) || holders.has(tie.target) ? [tie.source, tie.target] : [])))
  const backs = new Set(scene.stage.actors.filter((actor) => holders.has(actor.id)).map((actor) => actor.patron))
  const first = scene.stage.actors.find(({ id }) => holders.has(id) || tied.has(id) || backs.has(id))
  return first?.id ?? scene.stage.actors[0]?.id ?? ''
}

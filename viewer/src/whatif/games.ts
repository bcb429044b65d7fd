// A game as a reader takes it: which combinations of policies are stable, in a sentence, and where each is drawn.
import type { Equilibrium, GainByLeaving, MeanPayoff, Player, SolvedGame } from '../types/findings'
import { nameOf } from '../shared/colour'
import { grouped, percent, severalOf, withUnit } from '../shared/numbers'
import { listed, meaning, sentence } from '../shared/wording'
import type { Scene } from '../types/scene'

export type Standing = Equilibrium['standing']
export const STANDINGS: Record<Standing, { symbol: string; tone: string; word: string }> = {
  settled: { symbol: '✓', tone: 'var(--holds)', word: 'settled' },
  refuted: { symbol: '✗', tone: 'var(--reversed)', word: 'refuted' },
  'not distinguishable': { symbol: '≈', tone: 'var(--soft)', word: 'undecided' },
}

/** The policy that every actor has: what the scenario says without any other. */
export const AS_WRITTEN = 'as_written'

/** What readers call actors and policies, and what the author says of these. */
export interface Called {
  actor: (id: string) => string
  policy: (id: string) => string
  about: (policy: string) => string
}

export function calledIn(scene: Scene): Called {
  const abouts = new Map(scene.world.entries.filter((rule) => rule.kind === 'policy').map((rule) => [rule.id, rule.about]))
  return {
    actor: nameOf(scene),
    policy: (id) => meaning(scene, id),
    about: (policy) => (policy === AS_WRITTEN ? 'What the scenario says without any other policy.' : (abouts.get(policy) ?? '')),
  }
}

const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
const counted = (count: number): string => COUNTS[count] ?? grouped(count)

/** The policies that an actor follows in an equilibrium, the most frequent first. */
export const sharesOf = (one: Equilibrium, actor: string): [string, number][] =>
  Object.entries(one.shares[actor] ?? {}).toSorted((a, b) => b[1] - a[1])

export const isMixed = (one: Equilibrium): boolean => Object.values(one.shares).some((shares) => Object.keys(shares).length > 1)

/** What an actor does, to follow its name. */
export function doing(shares: [string, number][], called: Called): string {
  if (shares.length === 1) return shares[0][0] === AS_WRITTEN ? 'acting as written' : `following “${called.policy(shares[0][0])}”`
  return `mixing ${listed(shares.map(([policy, share]) => `“${called.policy(policy)}” (${percent(share)})`))}`
}

/** Which combinations of policies are stable, as somebody would say it; it compares nobody's payoffs with another's. */
export function inASentence(made: SolvedGame, called: Called): string {
  const of = (standing: Standing): Equilibrium[] => made.equilibria.filter((one) => one.standing === standing)
  const [stable, open, refuted] = [of('settled'), of('not distinguishable'), of('refuted')]
  if (stable.length === 0) {
    if (open.length > 0) return `These runs do not tell whether any outcome is stable; ${counted(open.length)} may be.`
    if (refuted.length === 0) return 'No stable outcome was found among these policies.'
    return `No stable outcome was found: in ${refuted.length === 1 ? 'the one' : `each of the ${counted(refuted.length)}`} that came close somebody gains by leaving.`
  }
  const more = open.length === 0 ? '' : ` Whether ${open.length === 1 ? 'one more is' : `${counted(open.length)} more are`} stable these runs do not tell.`
  return `${ofStable(made, stable, called)}${more}`
}

function ofStable(made: SolvedGame, stable: Equilibrium[], called: Called): string {
  const does = (one: Equilibrium, actor: string): string => `${called.actor(actor)} ${doing(sharesOf(one, actor), called)}`
  if (stable.length === 1) return `There is one stable outcome, with ${listed(made.players.map(({ actor }) => does(stable[0], actor)))}.`
  // Who keeps to one policy in how many of them.
  const kept = made.players.flatMap(({ actor, policies }) => policies.map((policy) => {
    const where = stable.filter((one) => sharesOf(one, actor).length === 1 && sharesOf(one, actor)[0][0] === policy)
    return { actor, where }
  }))
  const most = Math.max(...kept.map((one) => one.where.length))
  if (most < 2) return `${sentence(counted(stable.length))} outcomes are stable, and no actor keeps to the same policy in two of them; the game does not say which comes about.`
  const many = most === stable.length ? (most === 2 ? 'Both' : `All ${counted(most)}`) : `${sentence(counted(most))} of ${counted(stable.length)}`
  const same = kept.filter((one) => one.where.length === most)
  // Different actors may keep to theirs in different ones: a sentence is about those that agree with the first.
  const together = same.filter((one) => one.where.every((where, i) => where === same[0].where[i]))
  return `${many} stable outcomes have ${listed(together.map((one) => does(one.where[0], one.actor)))}.`
}

/** The gain that does not matter to an actor. */
export const toleranceOf = (made: SolvedGame, actor: string): string => withUnit(made.tolerance[actor] ?? null, unitOf(made, actor))

/** The gain that does not matter, where it is the same for all and in one unit. */
export function commonTolerance(made: SolvedGame): string | null {
  const each = new Set(made.players.map(({ actor }) => toleranceOf(made, actor)))
  return each.size === 1 ? [...each][0] : null
}

/** On which scale each actor gains, and what does not matter to it. */
export function scalesOf(made: SolvedGame, called: Called): string {
  const units = new Set(made.players.map((player) => player.unit))
  const common = commonTolerance(made)
  if (units.size === 1 && common !== null) return `Gains are in ${unitsOf(made.players[0])}, each actor’s own, and never compared between actors. Stable: nobody gains more than ${common} by leaving.`
  const each = made.players.map((player) => `${called.actor(player.actor)} in ${unitsOf(player)}, of which ${toleranceOf(made, player.actor)} ${made.tolerance[player.actor] === 1 ? 'does' : 'do'} not matter`)
  return `Each actor gains on a scale of its own, never compared with another’s: ${each.join('; ')}. Stable: nobody gains more than that by leaving.`
}

const unitsOf = ({ unit }: Player): string => (unit === null ? 'units of its own' : severalOf(unit))

/** The unit of an actor's goal. */
export const unitOf = (made: SolvedGame, actor: string): string => made.players.find((one) => one.actor === actor)?.unit ?? ''

/** What somebody gains by leaving, in multiples of the gain that does not matter to it: one scale for all actors. */
export function inTolerances(made: SolvedGame, gain: GainByLeaving): (value: number) => number {
  const by = made.tolerance[gain.actor] ?? 1
  return (value) => value / (by > 0 ? by : 1)
}

/** The gains by leaving, that which comes nearest to breaking the equilibrium first. */
export function nearestFirst(made: SolvedGame, one: Equilibrium): GainByLeaving[] {
  const high = (gain: GainByLeaving): number => inTolerances(made, gain)(gain.high)
  return one.gains.toSorted((a, b) => high(b) - high(a))
}

/** One combination of policies, with what each actor gains in it and which equilibria play it. */
export interface Cell {
  profile: string[]
  payoffs: { payoff: MeanPayoff; best: boolean }[]
  marks: { number: number; one: Equilibrium; share: number }[]
}

const keyOf = (profile: string[]): string => JSON.stringify(profile)

/** All combinations of policies in the order of the file, by their key; `best`: no policy of one's own yields more. */
export function cellsOf(made: SolvedGame): { all: Cell[]; at: (profile: string[]) => Cell | undefined } {
  const by = new Map<string, Cell>()
  const most = new Map<string, number>()
  const seat = new Map(made.players.map((player, i) => [player.actor, i]))
  const others = (payoff: MeanPayoff): string => keyOf([payoff.actor, ...payoff.profile.filter((_, i) => i !== seat.get(payoff.actor))])
  for (const payoff of made.payoffs) most.set(others(payoff), Math.max(payoff.mean, most.get(others(payoff)) ?? -Infinity))
  for (const payoff of made.payoffs) {
    const key = keyOf(payoff.profile)
    const cell = by.get(key) ?? { profile: payoff.profile, payoffs: [], marks: marksOf(made, payoff.profile) }
    cell.payoffs.push({ payoff, best: payoff.mean === most.get(others(payoff)) })
    by.set(key, cell)
  }
  return { all: [...by.values()], at: (profile) => by.get(keyOf(profile)) }
}

function marksOf(made: SolvedGame, profile: string[]): Cell['marks'] {
  const share = (one: Equilibrium): number => made.players.reduce((product, { actor }, i) => product * (one.shares[actor]?.[profile[i]] ?? 0), 1)
  return made.equilibria.map((one, i) => ({ number: i + 1, one, share: share(one) })).filter((mark) => mark.share > 0)
}

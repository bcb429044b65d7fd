// What an actor's levers do, and what hangs on who decides, as a reader takes it: in a sentence each, and in the order of rows.
import type { ActorShare, Best, Decided, DecidedQuestion, Estimate, LeverValue, Share, SolvedLevers } from '../types/findings'
import { percent } from '../shared/numbers'
import { doing, listed, type Called } from './games'

export type Criterion = Best['criterion']
export const CRITERIA: Record<Criterion, { head: string; by: string }> = {
  mean: { head: 'Mean', by: 'on average' },
  worst: { head: 'Worst world', by: 'in its worst world' },
  regret: { head: 'Regret (less is better)', by: 'by regret' },
  share: { head: 'Good enough', by: 'by the share of worlds where it is good enough' },
}

/** The criteria that the levers were weighed by, in this order. */
export const weighedBy = (made: SolvedLevers): Criterion[] =>
  (['mean', 'worst', 'regret', 'share'] as const).filter((one) => made.best.some((best) => best.criterion === one))

export const estimateOf = (value: LeverValue, criterion: Criterion): Estimate | null => value[criterion]

/** Which choice does best by what, and by what these runs name none. */
export function ofLevers(made: SolvedLevers, called: Called): string {
  const clear = made.best.filter((one) => one.clear)
  const choices = [...new Set(clear.map((one) => one.lever))]
  const by = (of: Best[], last?: string): string => listed(of.map((one) => CRITERIA[one.criterion].by), last)
  const parts = choices.map((choice) => `“${called.policy(choice)}” ${by(clear.filter((one) => one.lever === choice))}`)
  const rest = made.best.filter((one) => !one.clear)
  const open = rest.length === 0 ? '' : ` No choice is clearly best ${by(rest, 'or')}.`
  if (parts.length === 0) return open === '' ? `${called.actor(made.actor)} has nothing to choose between.` : `For ${called.actor(made.actor)} no choice is clearly best ${by(rest, 'or')}.`
  return `${called.actor(made.actor)} does best with ${listed(parts)}.${open}`
}

/** Whether an actor's policy moves an answer beyond the error. */
export const moves = ({ swing }: ActorShare): boolean => swing.low > 0 || swing.high < 0

const mostFirst = (a: ActorShare, b: ActorShare): number => Math.abs(b.swing.difference) - Math.abs(a.swing.difference)

/** The actors of a question, those that move it first and among them those that move it most. */
export const actorsOf = (one: DecidedQuestion): ActorShare[] => one.actors.toSorted((a, b) => Number(moves(b)) - Number(moves(a)) || mostFirst(a, b))

/** The questions, those first of whose variance most hangs on who decides. */
export function questionsOf(made: Decided): DecidedQuestion[] {
  const weight = (one: DecidedQuestion): number => one.deciders?.total.value ?? -1
  return made.questions.toSorted((a, b) => weight(b) - weight(a))
}

/** The answer that who decides moves furthest, of those that are shares. */
export function ofDeciders(made: Decided, called: Called): string {
  const asked = made.questions.filter((one) => one.type !== 'number')
  const all = asked.flatMap((one) => one.actors.filter(moves).map((actor) => ({ one, actor })))
  const [most] = all.toSorted((a, b) => mostFirst(a.actor, b.actor))
  if (most === undefined) return 'No answer of yes or no moves clearly with any actor’s policy in these runs.'
  const { swing, means, actor } = most.actor
  const share = (policy: string): string => {
    const mean = means.find((one) => one.policy === policy)
    return `${mean === undefined ? '' : `${percent(mean.mean)} `}with ${called.actor(actor)} ${doing([[policy, 1]], called)}`
  }
  return `Who decides moves “${most.one.ask || most.one.question}” furthest: yes in ${share(swing.least)}, in ${share(swing.most)}.`
}

export interface Part {
  /** The class that colours it, the same as in the bar of the panel “What it depends on”. */
  kind: 'chance' | 'parameters' | 'structure' | 'interplay'
  name: string
  share: Share | null
  wide: number
}

/** What explains an answer's variance alone, and the rest, which several explain only together; none where it hardly varied. */
export function partsOf(one: DecidedQuestion): Part[] {
  const alone = ([
    ['chance', 'chance', one.luck], ['parameters', 'numbers', one.parameters], ['structure', 'who decides', one.deciders],
  ] as const).flatMap(([kind, name, indices]) => (indices === null ? [] : [{ kind, name, share: indices.first, wide: Math.max(0, indices.first.value) }]))
  if (alone.length === 0) return []
  const sum = alone.reduce((total, part) => total + part.wide, 0)
  const parts: Part[] = [...alone, { kind: 'interplay', name: 'only together', share: null, wide: Math.max(0, 1 - sum) }]
  return parts.map((part) => ({ ...part, wide: part.wide / Math.max(1, sum) }))
}

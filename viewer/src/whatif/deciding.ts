// What an actor's levers do, and what hangs on who decides, as a reader takes it: in a sentence each, and in the order of rows.
import type { ActorShare, Best, Decided, DecidedQuestion, Estimate, LeverValue, SolvedLevers } from '../types/findings'
import { asShare } from '../shared/numbers'
import { listed } from '../shared/wording'
import { doing, type Called } from './games'

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
  const { swing, actor } = most.actor
  const { value, range } = asShare.around(swing.difference, swing.low, swing.high)
  const does = (policy: string): string => doing([[policy, 1]], called)
  return `Who decides moves “${most.one.ask || most.one.question}” furthest: ${value} (${range}) between ${called.actor(actor)} ${does(swing.least)} and ${does(swing.most)}.`
}

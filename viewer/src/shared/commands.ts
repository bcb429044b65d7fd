// Commands that a reader can copy into a shell.
import type { Head, Question, Scene } from '../types/scene'
import { isoDate } from './dates'

/** A word as a shell takes it, whatever is in it. */
export const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** How a command names the case of this report: the scenario as it was given, its variant and settings. */
export function caseOf(head: Head): string {
  const settings = Object.entries(head.settings).flatMap(([name, value]) => ['--set', `${name}=${value}`])
  return [head.given, ...(head.variant ? ['--variant', head.variant] : []), ...settings].map(quoted).join(' ')
}

export interface Command {
  /** The verb that makes it, or the name of its file. */
  verb: string
  /** What it tells. */
  says: string
  line: string
}

/** The verbs whose findings this report does not hold, of one question or any, with what to type; RUN stands for its folder. */
export function commandsLeft(scene: Scene, of?: string): Command[] {
  const { findings, head, stage } = scene
  const named = caseOf(head)
  const asking = scene.questions.filter((question) => question.probability !== null)
  const main = asking.find(({ id }) => id === scene.brief.headline?.question) ?? asking[0]
  const rarest = asking.toSorted((a, b) => a.probability! - b.probability!)[0]
  const explained = findings.explain.find((one) => of === undefined || one.question === of)
  const question = (one: Question | undefined): string => `--question ${quoted(of ?? one?.id ?? 'QUESTION')}`
  // The one that moves the main answer most, where one does.
  const free = scene.parameters.filter((parameter) => !parameter.fixed && parameter.declared)
  const uncertain = free.find(({ name }) => name === scene.contrasts.clear[0]?.name) ?? free[0]
  const most = Number((uncertain?.high ?? 0).toPrecision(3))
  const what = uncertain ? `${uncertain.name} is ${most}: ${uncertain.name}=${most}` : 'LABEL: PARAMETER=NUMBER'
  const deciding = decidingIn(scene, named)
  const half = isoDate(stage.starts, stage.days / 2)
  return [
    ...deciding,
    { verb: 'compare', there: findings.compare, says: 'what changes something', line: `standoff compare ${named} --what ${quoted(what)} --into RUN` },
    { verb: 'claims', there: findings.claims, says: 'whether the sources’ claims hold', line: `standoff claims ${named} --into RUN` },
    { verb: 'sense', there: findings.sense, says: 'what answers depend on', line: `standoff sense ${named} --into RUN` },
    { verb: 'explain', there: explained ?? null, says: 'how an answer comes about', line: `standoff explain ${named} ${question(main)} --into RUN` },
    { verb: 'branch', there: findings.branch, says: 'how one run could have gone on', line: `standoff branch ${named} --run 0 --at ${half} --into RUN` },
    { verb: 'rare', there: findings.rare, says: 'how likely a rare outcome is', line: `standoff rare ${named} ${question(rarest)} --into RUN` },
  ].filter((one) => one.there === null)
}

/** What can be asked of a scenario whose actors have policies, goals and levers. */
function decidingIn(scene: Scene, named: string): (Command & { there: unknown })[] {
  const { findings, world } = scene
  const owners = (kind: string, label: string): string[] =>
    world.entries.filter((rule) => rule.kind === kind).map((rule) => rule.lines.find((line) => line.label === label)?.texts[0] ?? '')
  const goals = new Set(world.entries.filter((rule) => rule.kind === 'goal').map((rule) => rule.id))
  const choosing = new Set(owners('policy', 'policy of'))
  const [setting] = owners('lever', 'in the hand of').filter((actor) => goals.has(actor))
  const commands = []
  if ([...choosing].filter((actor) => goals.has(actor)).length > 1) commands.push({ verb: 'game', there: findings.game, says: 'which policies are stable', line: `standoff solve game ${named} --tolerance GAIN --into RUN` })
  if (setting !== undefined) commands.push({ verb: 'levers', there: findings.levers, says: 'what an actor should set', line: `standoff solve levers ${named} --for ${quoted(setting)} --into RUN` })
  if (choosing.size > 0) commands.push({ verb: 'deciders', there: findings.deciders, says: 'what hangs on who decides', line: `standoff sense ${named} --deciders --into RUN` })
  return commands
}

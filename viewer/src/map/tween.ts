// What the map shows between two readings: shares move evenly from one to the next.
import type { Held } from './seen'

/** A moment of play: a reading, and which part of the way to the next one lies behind it. */
export interface Moment {
  step: number
  part: number
}

/** A count of runs at a moment. */
export function countAt(runs: number[], { step, part }: Moment): number {
  const here = runs[step] ?? 0
  return part === 0 ? here : here + ((runs[step + 1] ?? here) - here) * part
}

/** The day of a moment. */
export const dayAt = (times: number[], moment: Moment): number => countAt(times, moment)

export interface Slice {
  id: string
  share: number
  from: number
  to: number
}

/** Who holds a place at a moment, as slices of a turn in the order of the actors; one for everybody who ever holds it. */
export function slicesOf(held: Held | undefined, order: string[], of: number, moment: Moment): Slice[] {
  if (!held) return []
  let turn = 0
  return order.flatMap((id) => {
    const runs = held.runs.get(id)
    if (!runs) return []
    const share = countAt(runs, moment) / of
    turn += share
    return [{ id, share, from: turn - share, to: turn }]
  })
}

/** Two drawings of which the first gives way to the second, by keys; what is in both stays as it is here. */
export function fading<Drawn extends { key: string }>(here: Drawn[], next: Drawn[], part: number): { one: Drawn; seen: number }[] {
  if (part === 0) return here.map((one) => ({ one, seen: 1 }))
  const [is, will] = [here, next].map((some) => new Set(some.map(({ key }) => key)))
  return [
    ...here.map((one) => ({ one, seen: will.has(one.key) ? 1 : 1 - part })),
    ...next.filter(({ key }) => !is.has(key)).map((one) => ({ one, seen: part })),
  ]
}

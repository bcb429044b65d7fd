// Numbers, shares and dates as an analyst reads them; no locale, so that the same folder prints the same page anywhere.
import { figure, percent, percents, typeset, withUnit as unitAfter } from './numerals'

const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
]
const DAY_MS = 86_400_000
const Z_95 = 1.959963984540054

/** Wilson's 95 % interval of a share (Wilson 1927). */
export function wilson(hits: number, runs: number): [number, number] {
  if (runs <= 0) return [0, 1]
  const share = hits / runs
  const z2 = Z_95 * Z_95
  const middle = (share + z2 / (2 * runs)) / (1 + z2 / runs)
  const half = (Z_95 / (1 + z2 / runs)) * Math.sqrt((share * (1 - share)) / runs + z2 / (4 * runs * runs))
  return [hits === 0 ? 0 : Math.max(0, middle - half), hits === runs ? 1 : Math.min(1, middle + half)]
}

/** Half the width of the widest interval that this number of runs can give. */
export function widestHalf(runs: number): number {
  const [low, high] = wilson(runs / 2, runs)
  return (high - low) / 2
}

export { percent }

/** An interval of probability at the digits of the share that it belongs to, such as 35–40%. */
export const percentRange = (low: number, high: number, like: number): string => percents(Math.max(0, low), Math.min(1, high), like)

/** A share with its interval, such as 72% (57–84%). */
export const shareRange = (value: number, low: number, high: number): string => `${percent(value)} (${percentRange(low, high, value)})`

/** A share of runs with its interval in brackets. */
export const shareWithInterval = (hits: number, runs: number): string => shareRange(hits / runs, ...wilson(hits, runs))

/** Three significant digits, without an exponent where it can be avoided. */
export const plain = (value: number | null): string => typeset(figure(value))

/** A number with its unit, in the plural where it is a word. */
export function withUnit(value: number | null, unit: string): string {
  const words = figure(value)
  return words === '–' ? words : typeset(unitAfter(words, unit))
}

/** A whole number with groups of three. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

function moment(starts: string, day: number): Date {
  return new Date(Date.parse(`${starts}T00:00:00Z`) + Math.floor(day + 1e-9) * DAY_MS)
}

/** The day that a reading belongs to: the one at the very end belongs to the last day. */
export function dateAt(head: { starts: string; days: number }, day: number): string {
  return longDate(head.starts, Math.min(day, head.days - 1e-6))
}

/** 9 June 2017 */
export function longDate(starts: string, day = 0): string {
  const at = moment(starts, day)
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`
}

/** 9 Jun */
export function shortDate(starts: string, day = 0): string {
  const at = moment(starts, day)
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()].slice(0, 3)}`
}

/** 2017-06-09 */
export function isoDate(starts: string, day = 0): string {
  return moment(starts, day).toISOString().slice(0, 10)
}

/** Days from one ISO date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
}

/** The first days of months (or of years, over long spans) for an axis, with their labels. */
export function dateTicks(starts: string, days: number, most: number): { day: number; label: string }[] {
  const first = new Date(Date.parse(`${starts}T00:00:00Z`))
  const months = days / 30.44
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((s) => months / s <= most) ?? 240
  const ticks: { day: number; label: string }[] = []
  for (let i = 0; ; i += 1) {
    const at = new Date(Date.UTC(first.getUTCFullYear(), i, 1))
    const day = (at.getTime() - first.getTime()) / DAY_MS
    if (day > days) break
    if (day < 0 || i % step !== 0) continue
    // Over more than a year each January tells which.
    const label = step >= 12 || (days > 400 && at.getUTCMonth() === 0) ? String(at.getUTCFullYear()) : MONTHS[at.getUTCMonth()].slice(0, 3)
    ticks.push({ day, label })
  }
  if (ticks.length < 2) {
    const step_days = Math.max(1, Math.ceil(days / most))
    return Array.from({ length: Math.floor(days / step_days) + 1 }, (_, i) => ({
      day: i * step_days,
      label: shortDate(starts, i * step_days),
    }))
  }
  return ticks
}

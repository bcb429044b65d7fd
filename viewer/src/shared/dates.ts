// Dates and the marks of a time axis; no locale, so that the same folder prints the same page anywhere.

const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
]
const DAY_MS = 86_400_000

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

/** The day of the calendar that a text names, as a moment; null where it is none. */
export function dayOf(date: string): number | null {
  const at = Date.parse(date)
  return /^\d{4}-\d{2}-\d{2}/.test(date) && !Number.isNaN(at) ? at : null
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

/** An ISO date as words, or the text itself where it is none. */
export const dateWords = (date: string): string => (/^\d{4}-\d{2}-\d{2}/.test(date) ? longDate(date.slice(0, 10)) : date)

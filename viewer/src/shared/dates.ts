// Dates and the marks of a time axis; no locale, so that the same folder prints the same page anywhere.

const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December',
]
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Whether an ISO date names an hour; where that of the start does, all that is reckoned from it is told to the minute. */
const hasHour = (date: string): boolean => date.includes('T')

/** The moment (UTC) at which an ISO date begins. */
const begins = (date: string): number => Date.parse(hasHour(date) ? `${date}:00Z` : `${date}T00:00:00Z`)

// Days come with nine digits, and a moment that was reckoned in days may lie that much before its minute.
const BEFORE = 2e-3

function moment(starts: string, day: number): Date {
  return new Date(begins(starts) + (hasHour(starts) ? Math.floor(day * 1440 + BEFORE) * MINUTE_MS : Math.floor(day + 1e-9) * DAY_MS))
}

const hour = (at: Date): string => at.toISOString().slice(11, 16)

/** The moment that a reading belongs to: where days are told, the one at the very end belongs to the last day. */
export const readingAt = (head: { starts: string; days: number }, day: number): number =>
  (hasHour(head.starts) ? Math.min(day, head.days) : Math.min(day, head.days - 1e-6))

/** The day, or the minute, of a reading. */
export function dateAt(head: { starts: string; days: number }, day: number): string {
  return longDate(head.starts, readingAt(head, day))
}

/** 9 June 2017, or 9 June 2017, 19:00 where the start has an hour, unless the day alone is to be told. */
export function longDate(starts: string, day = 0, toTheMinute = hasHour(starts)): string {
  const at = moment(starts, day)
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}${toTheMinute ? `, ${hour(at)}` : ''}`
}

/** What an author has dated: midnight stands for a day without an hour. */
export const givenDate = (starts: string, day = 0): string => longDate(starts, day).replace(', 00:00', '')

/** 9 Jun, or 9 Jun, 19:00 */
export function shortDate(starts: string, day = 0): string {
  const at = moment(starts, day)
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()].slice(0, 3)}${hasHour(starts) ? `, ${hour(at)}` : ''}`
}

/** 2017-06-09, or 2017-06-09T19:00 */
export function isoDate(starts: string, day = 0): string {
  return moment(starts, day).toISOString().slice(0, hasHour(starts) ? 16 : 10)
}

/** The day of the calendar that a text names, as a moment; null where it is none. */
export function dayOf(date: string): number | null {
  const at = Date.parse(/T\d{2}:\d{2}$/.test(date) ? `${date}:00Z` : date)
  return /^\d{4}-\d{2}-\d{2}/.test(date) && !Number.isNaN(at) ? at : null
}

/** Days from the beginning of one ISO date to the beginning of another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((begins(to) - begins(from)) / MINUTE_MS) / 1440
}

/** Days from the beginning of one ISO date to the end of another: a moment is its own end. */
export const daysToEnd = (from: string, to: string): number => daysBetween(from, to) + (hasHour(to) ? 0 : 1)

/** The first days of months (or of years, over long spans) for an axis, with their labels. */
export function dateTicks(starts: string, days: number, most: number): { day: number; label: string }[] {
  const first = new Date(begins(starts))
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
  return ticks.length < 2 ? dayTicks(first, hasHour(starts), days, most) : ticks
}

/** Midnights for the axis of a short span, and hours where it has few days and tells hours. */
function dayTicks(first: Date, hours: boolean, days: number, most: number): { day: number; label: string }[] {
  const short = [1, 2, 3, 6, 12].find((step) => hours && (days * 24) / step <= most)
  const step = short ? short / 24 : Math.max(1, Math.ceil(days / most))
  // The first tick is a midnight, or an hour of the step.
  const off = (first.getTime() / DAY_MS) % (short ? step : 1)
  const ticks = []
  for (let day = off === 0 ? 0 : (short ? step : 1) - off; day <= days + 1e-9; day += step) {
    const at = new Date(Math.round((first.getTime() + day * DAY_MS) / MINUTE_MS) * MINUTE_MS)
    const date = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()].slice(0, 3)}`
    ticks.push({ day, label: short && hour(at) !== '00:00' ? hour(at) : date })
  }
  return ticks
}

/** An ISO date as words, or the text itself where it is none. */
export const dateWords = (date: string): string => (/^\d{4}-\d{2}-\d{2}/.test(date) ? longDate(date.slice(0, /T\d{2}:\d{2}/.test(date) ? 16 : 10)) : date)

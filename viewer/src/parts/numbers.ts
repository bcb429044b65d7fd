// Numbers, shares and dates as an analyst reads them; no locale, so that the same folder prints the same page anywhere.
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

/** A probability in per cent; never rounds up to certainty or down to nothing. */
export function percent(share: number): string {
  if (share < 1e-9) return '0%'
  if (share > 1 - 1e-9) return '100%'
  if (share < 0.0005) return '<0.1%'
  if (share > 0.9995) return '>99.9%'
  const value = share * 100
  return value < 9.95 || value > 98.95 ? `${value.toFixed(1).replace('.0', '')}%` : `${Math.round(value)}%`
}

/** An interval of probability, such as 35–40%. */
export function percentRange(low: number, high: number): string {
  return `${percent(low).replace('%', '')}–${percent(high)}`.replace('–>', ' to >')
}

/** A share of runs with its interval in brackets. */
export function shareWithInterval(hits: number, runs: number): string {
  const [low, high] = wilson(hits, runs)
  return `${percent(hits / runs)} (${percentRange(low, high)})`
}

/** Three significant digits, without an exponent where it can be avoided. */
export function plain(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e7 || size < 1e-4) return value.toExponential(1).replace('e', ' × 10^').replace('+', '')
  if (size >= 1000) return grouped(Math.round(value))
  return String(Number(value.toPrecision(3))).replace('-', '−')
}

// Units that are the same for one and for many.
const SYMBOLS = new Set(['km', 'share'])

/** A number with its unit, in the plural where it is a word. */
export function withUnit(value: number | null, unit: string): string {
  const figure = plain(value)
  if (unit === '' || figure === '–') return figure
  if (figure === '1' || SYMBOLS.has(unit) || !/^[a-z]+$/.test(unit)) return `${figure} ${unit}`
  return `${figure} ${/[^aeiou]y$/.test(unit) ? `${unit.slice(0, -1)}ies` : `${unit}s`}`
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

// Numbers as people read them: the same rules as src/standoff/numerals.py, digit for digit (tests/number_cases.json).
// A number is rounded once, half to even, from the digits that it is written with. Signs are those of ASCII; `typeset`
// gives them the minus of print.

const DIGITS = 3
const FINEST = 2
const MOST_DECIMALS = 6
const LARGE = 7
const SMALL = -4
// A half-width that begins with this or more is worth one digit, with less two.
const BOLD = 3.55
const SAME_FOR_MANY = new Set(['', 'share', 'percent', 'percentage', 'people', 'personnel', 'aircraft', 'usd', 'eur'])
// A unit that is a word: an abbreviation (mcm, km, t, GWh) has two letters at most, a capital, or no vowel.
const NOUN_UNIT = /^(?=[a-z]*[aeiouy])[a-z]{3,}$/
// How often something comes, which is told as so often a day.
const RATE = /^1\/([a-z]{3,})$/
const MANY_ALREADY = /[^s]s$/
const IRREGULAR = new Map([['person', 'people']])

/** A number by its digits: units × 10^-scale. */
interface Exact {
  units: bigint
  scale: number
}

// Numbers of the page change many times a second while time moves, and to raise a bigint takes longer than to look it up.
const POWERS = Array.from({ length: 40 }, (_, i) => 10n ** BigInt(i))
const power = (of: number): bigint => POWERS[of] ?? 10n ** BigInt(of)
const size = (of: bigint): bigint => (of < 0n ? -of : of)

/** The digits with which a number is written shortest. */
function exactOf(value: number): Exact {
  const [mantissa, exponent] = value.toExponential().split('e')
  const fraction = mantissa.split('.')[1] ?? ''
  return { units: BigInt(mantissa.replace('.', '')), scale: fraction.length - Number(exponent) }
}

/** The power of ten of the first digit. */
const adjusted = ({ units, scale }: Exact): number => String(size(units)).length - 1 - scale

/** Rounded half to even to so many decimals, which may be fewer than none. */
function quantized({ units, scale }: Exact, places: number): Exact {
  if (scale <= places) return { units: units * power(places - scale), scale: places }
  const part = power(scale - places)
  const whole = size(units) / part
  const twice = 2n * (size(units) % part)
  const up = twice > part || (twice === part && whole % 2n === 1n)
  const rounded = whole + (up ? 1n : 0n)
  return { units: units < 0n ? -rounded : rounded, scale: places }
}

/** All decimals of a number, with groups of three before them; no zero has a minus. */
function written({ units, scale }: Exact): string {
  const digits = String(size(units) * (scale < 0 ? power(-scale) : 1n)).padStart(Math.max(0, scale) + 1, '0')
  const cut = digits.length - Math.max(0, scale)
  const whole = digits.slice(0, cut).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return `${units < 0n ? '-' : ''}${whole}${cut < digits.length ? `.${digits.slice(cut)}` : ''}`
}

const trimmed = (words: string): string => (words.includes('.') ? words.replace(/\.?0+$/, '') : words)
const withPlus = (words: string, value: number): string => (value > 0 && words !== '–' ? `+${words}` : words)

/** The decimals of a share in percent: more, the nearer it is to an end. */
function places(share: number): number {
  const { units, scale } = exactOf(share)
  const one = scale >= 0 ? power(scale) : 0n
  const end = units < one - units ? units : one - units
  return end * 100n < one ? FINEST : end * 10n < one ? 1 : 0
}

function hundredths(share: number, decimals: number): string {
  if (share === 0 || share === 1) return String(share * 100)
  const { units, scale } = exactOf(share)
  const shown = quantized({ units, scale: scale - 2 }, decimals)
  if (shown.units === 0n) return `<${written({ units: 1n, scale: decimals })}`
  if (shown.units === 100n * power(decimals)) return `>${written({ units: shown.units - 1n, scale: decimals })}`
  return written(shown)
}

// Shares of the same number of runs come again and again, as on the pies of a map.
const inPercent = new Map<number, string>()

/** A share in percent: 52%, 5.2%, 0.52%, 99.96%, <0.01%; with `like`, at the digits of that share. */
export function percent(share: number, like: number = share): string {
  if (like !== share) return `${hundredths(share, places(like))}%`
  const words = inPercent.get(share) ?? `${hundredths(share, places(share))}%`
  inPercent.set(share, words)
  return words
}

/** An interval of shares at the digits of the share that it belongs to: 47–56%. */
export function percents(low: number, high: number, like: number): string {
  // Of nothing and of everything the other end says how fine to be.
  const inner = like > 0 && like < 1 ? [like] : [low, high].filter((end) => end > 0 && end < 1)
  const decimals = Math.max(0, ...inner.map(places))
  const last = hundredths(high, decimals)
  return `${hundredths(low, decimals)}${last.startsWith('>') ? ' to ' : '–'}${last}%`
}

/** A share with its interval: 52% (47–56%). */
export function percentWithInterval(share: number, low: number, high: number): string {
  return `${percent(share)} (${percents(low, high, share)})`
}

/** A number with so many significant digits, without an exponent where it can be avoided: 0.163, 12,345. */
export function figure(value: number | null, digits = DIGITS): string {
  if (value === null || !Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  const exact = exactOf(value)
  const first = adjusted(exact)
  const short = quantized(exact, Math.abs(value) >= 1000 ? 0 : Math.max(0, digits - 1 - first))
  if (first >= SMALL && adjusted(short) < LARGE) return trimmed(written(short))
  const two = quantized(exact, 1 - first)
  const up = adjusted(two)
  return `${written({ ...quantized(two, 1 - up), scale: 1 })} × 10^${up}`
}

/** A number with its sign, and nothing for zero: +0.163, -2, 0. */
export function signed(value: number, digits = DIGITS): string {
  return withPlus(figure(value, digits), value)
}

/** A number with its interval, all three at the digits that half its width is worth: 0.163 (0.141 to 0.185). */
export function withInterval(value: number, low: number, high: number): string {
  const [first, ...ends] = alike([value, low, high], false)
  return `${first} (${ends.join(' to ')})`
}

/** A difference of two shares with its interval, in percentage points: +16.3 (+14.1 to +18.5). */
export function points(difference: number, low: number, high: number): string {
  const [first, ...ends] = alike([difference, low, high], true, 2)
  return `${first} (${ends.join(' to ')})`
}

/** A value and the ends of its interval at the same decimals; `shift` 2 makes percentage points of them. */
export function alike(values: [number, number, number], plus: boolean, shift = 0): [string, string, string] {
  const marked = (words: string, value: number): string => (plus ? withPlus(words, value) : words)
  if (!values.every(Number.isFinite)) return values.map((value) => marked(figure(value), value)) as [string, string, string]
  const exact = values.map(exactOf).map(({ units, scale }) => ({ units, scale: scale - shift }))
  const largest = Math.max(...exact.map((one) => (one.units === 0n ? SMALL : adjusted(one))))
  const half = (values[2] - values[1]) / 2
  const numbers = exact.map(({ units, scale }) => Number(`${units}e${-scale}`))
  if (!(largest >= SMALL && largest < LARGE) || half === 0) {
    return numbers.map((value, i) => marked(figure(value), values[i])) as [string, string, string]
  }
  const whole = numbers.every(Number.isInteger)
  // As the Particle Data Group rounds errors (Review of Particle Physics, introduction, section 5.3).
  const first = adjusted(exactOf(half))
  const digits = Number(half.toExponential().split('e')[0]) < BOLD ? 2 : 1
  const decimals = whole ? 0 : Math.min(Math.max(0, digits - 1 - first - shift), MOST_DECIMALS)
  return exact.map((one) => {
    const shown = quantized(one, decimals)
    return marked(written(shown), Number(shown.units))
  }) as [string, string, string]
}

/** A number in words with its unit, in the plural where the unit is a word: 3 battalions, 46 km, 51 percent. */
export function withUnit(words: string, unit: string): string {
  const each = RATE.exec(unit)
  if (each) return `${words} a ${each[1]}`
  if (words === '1' || SAME_FOR_MANY.has(unit) || !NOUN_UNIT.test(unit) || MANY_ALREADY.test(unit)) return `${words} ${unit}`.trimEnd()
  const plural = IRREGULAR.get(unit)
  if (plural !== undefined) return `${words} ${plural}`
  if (/[^aeiou]y$/.test(unit)) return `${words} ${unit.slice(0, -1)}ies`
  return `${words} ${unit}${/(?:ss|x|ch|sh)$/.test(unit) ? 'es' : 's'}`
}

/** A whole number with groups of three. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** So many of a thing, in the plural unless there is one: 1 run, 1,000 runs, 2 pairs of runs. */
export function many(count: number, thing: string, things = `${thing}s`): string {
  return `${grouped(count)} ${count === 1 ? thing : things}`
}

/** Runs in words, with what makes the same ones again: 1,000 runs (coupled sampler, seed 1). */
export function withSeed(words: string, sampler: string, seed: number): string {
  return `${words} (${sampler} sampler, seed ${seed})`
}

const RAISED = new Map([...'-0123456789'].map((sign, i) => [sign, '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'[i]]))

/** A text with the minus of print for the hyphen before a number and raised powers of ten; dates and words keep theirs. */
export function typeset(words: string): string {
  return words
    .replace(/(?<=10)\^(-?\d+)/g, (_, power: string) => raised(Number(power)))
    .replace(/(?<![\p{L}\p{N}_.])-(?=\d)/gu, '−')
}

/** An exponent in raised digits. */
export const raised = (exponent: number): string => [...String(exponent)].map((sign) => RAISED.get(sign) ?? sign).join('')

/** How many of so many a share is, rounded once, half to even: 34 of 50 for 0.687. */
export function partOf(share: number, of: number): number {
  const { units, scale } = exactOf(share)
  return Number(quantized({ units: units * BigInt(of), scale }, 0).units)
}

/** In so many of 100 runs; of the runs that were made where a percentage would have decimals, or for fewer than 100. */
export function outOf(hits: number, runs: number): [string, string] {
  const share = hits / runs
  if (runs < 100 || places(share) > 0 || hits === 0 || hits === runs) return [grouped(hits), many(runs, 'run')]
  return [hundredths(share, 0), '100 runs']
}

// The scene that the report writer put inside the page, packed as src/standoff/report/packing.py says, in letters.
import { whenIdle } from '../shared/idle'
import type { Scene } from './scene'

/** The scene of this page, and what else of it comes: the brief is shown without waiting for that. */
export interface Held {
  scene: Scene
  /** Unpacks the rest; the same promise however often it is asked for. */
  rest: () => Promise<void>
}

const lettersOf = (id: string): string => document.getElementById(id)?.textContent?.trim() ?? ''

/** Gives the page its styles; while it is served for work on it, it has them already. */
export async function dressed(): Promise<void> {
  const letters = lettersOf('standoff-style')
  if (letters.startsWith('/*')) return
  const style = document.createElement('style')
  style.textContent = await inflated(letters).text()
  document.head.append(style)
}

/** What this page holds, or null where it holds nothing. */
export async function held(): Promise<Held | null> {
  const [first, rest] = lettersOf('standoff-data').split('.')
  if (rest === undefined) return null
  const scene = {}
  put(scene, await inflated(first).json())
  let coming: Promise<void> | undefined
  const whole = (parts: Record<string, unknown>): void => {
    put(scene, parts)
    readAll(scene as Record<string, unknown>, Object.keys(parts))
  }
  return { scene: scene as Scene, rest: () => (coming ??= inflated(rest).json().then(whole)) }
}

/** Part by part while the page has nothing else to do, so that no view waits for what it reads first. */
function readAll(scene: Record<string, unknown>, parts: string[]): void {
  const [first, ...others] = parts
  if (first === undefined) return
  whenIdle(() => {
    void scene[first]
    readAll(scene, others)
  })
}

function inflated(letters: string): Response {
  return new Response(new Blob([bytesOf(letters)]).stream().pipeThrough(new DecompressionStream('gzip')))
}

/** Where a browser cannot do it by itself, a loop: Uint8Array.from with a function for each byte takes fifteen times as long. */
function bytesOf(letters: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as { fromBase64?: (letters: string) => Uint8Array<ArrayBuffer> }).fromBase64
  if (native) return native.call(Uint8Array, letters)
  const bytes = atob(letters)
  const packed = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i += 1) packed[i] = bytes.charCodeAt(i)
  return packed
}

/** Each part is unpacked when it is first read: no view needs them all. */
function put(scene: object, parts: Record<string, unknown>): void {
  for (const [key, part] of Object.entries(parts)) {
    let made: unknown
    Object.defineProperty(scene, key, { enumerable: true, get: () => (made ??= unpacked(part)) })
  }
}

type Table = { $: string[]; of: unknown[] }
type Course = { $: number; by: (number | null)[] }

/** Tables that came column by column as rows, and courses that came as differences as their numbers. */
function unpacked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) value[i] = unpacked(value[i])
    return value
  }
  if ('$' in value) return 'of' in value ? rowsOf(value as Table) : numbersOf(value as Course)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.startsWith('$') ? key.slice(1) : key, unpacked(one)]))
}

function rowsOf({ $: names, of }: Table): unknown[] {
  const columns = of.map(unpacked) as unknown[][]
  return columns[0].map((_, row) => Object.fromEntries(names.map((name, i) => [name, columns[i][row]])))
}

function numbersOf({ $: decimals, by }: Course): (number | null)[] {
  let total = 0
  return by.map((step) => {
    total += step ?? 0
    return step === null ? null : total / 10 ** decimals
  })
}

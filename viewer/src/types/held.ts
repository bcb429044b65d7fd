// The scene that the report writer put inside the page, packed as src/standoff/report/packing.py says, in letters.
import type { Scene } from './scene'

/** The scene of this page, and what else of it comes: the brief is shown without waiting for that. */
export interface Held {
  scene: Scene
  /** Unpacks the rest; the same promise however often it is asked for. */
  rest: () => Promise<void>
}

/** What this page holds, or null where it holds nothing. */
export async function held(): Promise<Held | null> {
  const [first, rest] = (document.getElementById('standoff-data')?.textContent?.trim() ?? '').split('.')
  if (rest === undefined) return null
  const scene = {}
  put(scene, await inflated(first))
  let coming: Promise<void> | undefined
  return { scene: scene as Scene, rest: () => (coming ??= inflated(rest).then((parts) => put(scene, parts))) }
}

async function inflated(letters: string): Promise<Record<string, unknown>> {
  const bytes = atob(letters)
  // A loop: Uint8Array.from with a function for each byte takes fifteen times as long.
  const packed = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i += 1) packed[i] = bytes.charCodeAt(i)
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).json()
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

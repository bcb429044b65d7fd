// The scene that the report writer put inside the page: JSON, packed as src/standoff/report/packing.py says, in letters.
import type { Scene } from './scene'

/** The scene of this page, or null where there is none. */
export async function heldScene(): Promise<Scene | null> {
  const letters = document.getElementById('standoff-data')?.textContent?.trim() ?? ''
  if (!/^[A-Za-z0-9+/]+=*$/.test(letters)) return null
  const bytes = atob(letters)
  // A loop: Uint8Array.from with a function for each byte takes fifteen times as long.
  const packed = new Uint8Array(bytes.length)
  for (let i = 0; i < bytes.length; i += 1) packed[i] = bytes.charCodeAt(i)
  const text = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  return unpacked(await new Response(text).json()) as Scene
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

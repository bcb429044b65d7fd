// The scene that the report writer put inside the page: JSON, compressed, in letters.
import type { Scene } from './scene'

/** The scene of this page, or null where there is none. */
export async function heldScene(): Promise<Scene | null> {
  const letters = document.getElementById('standoff-data')?.textContent?.trim() ?? ''
  if (!/^[A-Za-z0-9+/]+=*$/.test(letters)) return null
  const packed = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0))
  const text = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  return (await new Response(text).json()) as Scene
}

// The scene that the report writer put inside the page.
import type { Scene } from './scene'

/** The scene of this page, or null where there is none. */
export function heldScene(): Scene | null {
  const held = document.getElementById('standoff-data')?.textContent?.trim() ?? ''
  return held.startsWith('{') ? (JSON.parse(held) as Scene) : null
}

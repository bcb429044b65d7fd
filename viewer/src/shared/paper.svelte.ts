// The page on paper, where nothing can be opened, chosen or scrolled: what asks here shows all it has while it is printed.
import { flushSync } from 'svelte'
import type { Head } from '../types/scene'
import { runsOf } from './wording'

let printing = $state(false)
// Browsers lay the sheets out as soon as this event is over, so what it changes must be drawn by then.
addEventListener('beforeprint', () => flushSync(() => (printing = true)))
addEventListener('afterprint', () => (printing = false))

export const paper = {
  get printing(): boolean {
    return printing
  },
}

/** The width of an A4 sheet between its margins, in CSS pixels; app.css sets the margins. */
export const SHEET = 703

/** Puts what was run into the margin of every sheet, so that a loose one can be told from another's. */
export function nameSheets(head: Head): void {
  const style = new CSSStyleSheet()
  const case_ = head.variant ? `${head.name}, variant ${head.variant}` : head.name
  const run = `${runsOf(head)}, digest ${head.digest.slice(0, 16)}`
  style.replaceSync(`@page { @top-left { content: ${quoted(case_.slice(0, 100))} } @top-right { content: ${quoted(run)} } }`)
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, style]
}

// A string of CSS in which every letter that could mean anything is written as its number.
function quoted(words: string): string {
  const letters = [...words.replace(/\p{C}/gu, '')]
  return `"${letters.map((letter) => (/[\w ]/.test(letter) ? letter : `\\${letter.codePointAt(0)!.toString(16)} `)).join('')}"`
}

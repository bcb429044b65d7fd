// What a reader takes away: a table as CSV, a chart as SVG, under names that say what is inside.
import type { Head } from '../types/scene'

export type Cell = string | number | null

const LONGEST_NAME = 100

/** The name of a file: the scenario, then what it holds, such as a question and the name of a chart. */
export function fileName(head: Head, about: string[], ending: 'csv' | 'svg'): string {
  const words = [head.name, head.variant ?? '', ...about].join('-').normalize('NFKD').toLowerCase()
  const safe = words.replace(/[^a-z0-9._]+/g, '-').replace(/^[-.]+/, '').slice(0, LONGEST_NAME).replace(/[-.]+$/, '')
  return `${safe || 'standoff'}.${ending}`
}

/** A table as RFC 4180 has it; the mark at its start makes spreadsheets read it as UTF-8. */
export const csvOf = (rows: Cell[][]): string => `\ufeff${rows.map((row) => row.map(cellOf).join(',')).join('\r\n')}\r\n`

function cellOf(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : ''
  // A spreadsheet takes a text that begins so for a formula, whatever quotes are around it.
  const text = /^\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20\t\r\n]/.test(value) ? `'${value}` : value
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

// What of a style is seen in a drawing; all else a viewer of SVG sets by itself.
const SEEN = [
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity', 'visibility',
  'display', 'paint-order', 'font-family', 'font-size', 'font-weight', 'font-style', 'text-anchor', 'dominant-baseline', 'mix-blend-mode', 'clip-path',
]

/** A drawing of the page as a file of its own: its styles stand in it, and the patterns that it points at. */
export function svgOf(drawn: SVGSVGElement): string {
  const copy = drawn.cloneNode(true) as SVGSVGElement
  inline(drawn, copy)
  const { width, height } = drawn.viewBox.baseVal ?? { width: 0, height: 0 }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(width || drawn.clientWidth))
  copy.setAttribute('height', String(height || drawn.clientHeight))
  // Patterns of marks are drawn once for the whole page, outside of this drawing.
  const pointed = new Set([...new XMLSerializer().serializeToString(copy).matchAll(/url\((?:&quot;|["'])?#([\w-]+)/g)].map((match) => match[1]))
  const defs = document.createElementNS('http://www.w3.org/2000/svg', 'defs')
  for (const id of pointed) {
    const there = document.getElementById(id)
    if (!there || drawn.contains(there)) continue
    const pattern = there.cloneNode(true) as Element
    inline(there, pattern)
    defs.append(pattern)
  }
  if (defs.childElementCount > 0) copy.prepend(defs)
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
  for (const [name, value] of Object.entries({ width: '100%', height: '100%', fill: getComputedStyle(document.body).backgroundColor })) paper.setAttribute(name, value)
  if (drawn.viewBox.baseVal) for (const name of ['x', 'y'] as const) paper.setAttribute(name, String(drawn.viewBox.baseVal[name]))
  copy.prepend(paper)
  return new XMLSerializer().serializeToString(copy)
}

function inline(from: Element, to: Element): void {
  const style = getComputedStyle(from)
  to.removeAttribute('class')
  to.removeAttribute('style')
  for (const name of SEEN) {
    const value = style.getPropertyValue(name)
    if (value !== '') to.setAttribute(name, plainColour(value))
  }
  // What only leads elsewhere on the page means nothing outside of it.
  if (to.hasAttribute('tabindex')) to.removeAttribute('tabindex')
  ;[...from.children].forEach((child, i) => inline(child, to.children[i]))
}

/** A mixed colour, as programs that draw SVG read it. */
const plainColour = (value: string): string =>
  value.replace(/color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.e-]+))?\)/g, (_, red, green, blue, alpha = '1') =>
    `rgba(${[red, green, blue].map((part) => Math.round(Number(part) * 255)).join(', ')}, ${alpha})`)

/** Hands the reader a file. */
export function download(name: string, text: string): void {
  const type = name.endsWith('.svg') ? 'image/svg+xml' : 'text/csv'
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken its copy by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

// Writes src/map/symbols.ts: frames, icons and echelon marks of MIL-STD-2525E as milsymbol draws them, as bare paths.
// The page carries these drawings alone.   npm run symbols [-- FILE]
import { writeFileSync } from 'node:fs'
import ms from 'milsymbol'

// Digits of the identification code (MIL-STD-2525E, appendix A): standard identity, echelon, entity with its modifiers.
const STANDINGS = { friend: 3, hostile: 6, neutral: 4, unknown: 1 }
const ECHELONS = { team: 11, squad: 12, platoon: 14, company: 15, battalion: 16, regiment: 17, brigade: 18, division: 21 }
const FUNCTIONS = {
  infantry: '1211000000',
  armour: '1205000000',
  'combined-arms': '1210000000',
  // Infantry with the modifier for guerrillas.
  irregular: '1211000058',
  'special-operations': '1218000000',
  'air-defence': '1301000000',
  aviation: '1207000000',
}

function instructions(standing, echelon, entity) {
  const symbol = new ms.Symbol(`130${STANDINGS[standing]}1000${echelon}${entity}`, { size: 100 })
  if (!symbol.isValid()) throw new Error(`milsymbol does not know ${standing} ${echelon} ${entity}`)
  return symbol.drawInstructions.flat(Infinity)
}

function pathOf({ type, d, cx, cy, r }) {
  if (type === 'path') return d.trim().replace(/-?\d*\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10))
  if (type === 'circle') return `M${cx - r} ${cy}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0z`
  throw new Error(`a ${type} has no path`)
}

/** Instructions as one path to stroke, one to fill, and a text. */
function parts(drawn) {
  const made = {}
  for (const one of drawn) {
    if (one.type === 'text') {
      // milsymbol gives the middle of the letters; SVG as browsers agree on it, their foot.
      made.text = { says: one.text, y: Math.round(one.y + 0.32 * one.fontsize), size: one.fontsize }
    } else if (one.type === 'translate') {
      for (const mark of one.draw.flat(Infinity)) {
        const kind = mark.fill ? 'solid' : 'line'
        made[kind] = (made[kind] ?? '') + pathOf(mark)
      }
    } else {
      // Straight strokes say that they are filled, but there is nothing inside them.
      const kind = one.fill && one.stroke === false ? 'solid' : 'line'
      made[kind] = (made[kind] ?? '') + pathOf(one)
    }
  }
  return made
}

function frame(standing) {
  const symbol = new ms.Symbol(`130${STANDINGS[standing]}10000000000000000000`, { size: 100 })
  const { x1, y1, x2, y2 } = symbol.bbox
  return { path: pathOf(symbol.drawInstructions.flat(Infinity)[0]), left: x1, top: y1, right: x2, bottom: y2 }
}

const each = (names, make) => Object.keys(names).map((name) => `  '${name}': ${JSON.stringify(make(name))},`).join('\n')
const icons = (name) => Object.fromEntries(
  Object.keys(STANDINGS).map((standing) => [standing, parts(instructions(standing, '00', FUNCTIONS[name]).slice(1))]),
)
const file = process.argv[2] ?? new URL('../src/map/symbols.ts', import.meta.url)
writeFileSync(file, `// Written by tools/symbols.mjs from milsymbol (MIT, Copyright (c) 2017 Måns Beckman); do not edit.

/** Drawings in the units of milsymbol, in which (100, 100) is the middle of a frame; texts stand about x = 100. */
export interface Drawing {
  line?: string
  solid?: string
  text?: { says: string; y: number; size: number }
}

export const FRAMES = {
${each(STANDINGS, frame)}
}

export type Standing = keyof typeof FRAMES

export const ICONS: Record<string, Record<Standing, Drawing>> = {
${each(FUNCTIONS, icons)}
}

/** Marks of size, over the frame of a friend. */
export const ECHELONS: Record<string, Drawing> = {
${each(ECHELONS, (name) => parts(instructions('friend', ECHELONS[name], '0000000000').slice(1)))}
}
`)

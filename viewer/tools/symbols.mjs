// Writes src/map/symbols.ts: frames, icons and echelon marks of MIL-STD-2525E as milsymbol draws them, as bare paths.
// The page carries these drawings alone.   npm run symbols [-- FILE]
import { writeFileSync } from 'node:fs'
import ms from 'milsymbol'

// Digits of the identification code (MIL-STD-2525E, appendix A): standard identity, echelon, entity with its modifiers.
const STANDINGS = { friend: 3, hostile: 6, neutral: 4, unknown: 1 }
const ECHELONS = { team: 11, squad: 12, platoon: 14, company: 15, battalion: 16, regiment: 17, brigade: 18, division: 21 }
// Units on land have sets of these codes of their own, and so have ships (appendix E).
const LAND = 10
const SEA = 30
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
const SHIPS = {
  // A surface combatant of the line.
  warships: '1202000000',
  'patrol-boats': '1205000000',
}

function instructions(affiliation, echelon, entity, on = LAND) {
  const symbol = new ms.Symbol(`130${STANDINGS[affiliation]}${on}00${echelon}${entity}`, { size: 100 })
  if (!symbol.isValid()) throw new Error(`milsymbol does not know ${affiliation} ${echelon} ${entity}`)
  return symbol.drawInstructions.flat(Infinity)
}

function pathOf({ type, d, cx, cy, r }) {
  if (type === 'path') return d.trim().replace(/-?\d*\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10))
  if (type === 'circle') return `M${cx - r} ${cy}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0z`
  throw new Error(`a ${type} has no path`)
}

// Letters as strokes in a box of 1 by 1, so that they need no font and are drawn alike everywhere.
const LETTERS = {
  F: 'M0.1 1L0.1 0L0.95 0M0.1 0.48L0.8 0.48',
  G: 'M0.95 0.2C0.75 -0.08 0 -0.08 0 0.5C0 1.08 0.95 1.12 0.95 0.55L0.55 0.55',
  O: 'M0.5 0C1.1 0 1.1 1 0.5 1C-0.1 1 -0.1 0 0.5 0Z',
  S: 'M0.95 0.18C0.8 -0.04 0.08 -0.1 0.08 0.27C0.08 0.62 0.95 0.4 0.95 0.74C0.95 1.1 0.2 1.05 0 0.8',
}

/** A word about the middle of its line; milsymbol tells where the middle of its letters is, and a little more. */
function wordOf({ text, x, y, fontsize }) {
  const [wide, high, gap] = [0.52 * fontsize, 0.7 * fontsize, 0.24 * fontsize]
  const left = x - (text.length * wide + (text.length - 1) * gap) / 2
  return [...text].map((letter, i) => {
    if (!(letter in LETTERS)) throw new Error(`no strokes of the letter ${letter}`)
    let across = false
    return LETTERS[letter].replace(/-?\d+(\.\d+)?/g, (number) => {
      across = !across
      const at = across ? left + i * (wide + gap) + Number(number) * wide : y - 3 + (Number(number) - 0.5) * high
      return String(Math.round(at * 10) / 10)
    })
  }).join('')
}

/** Instructions as one path to stroke and one to fill. */
function parts(drawn) {
  const made = {}
  for (const one of drawn) {
    const marks = one.type === 'translate' ? one.draw.flat(Infinity) : [one]
    for (const mark of marks) {
      // Straight strokes say that they are filled, but there is nothing inside them.
      const solid = one.type === 'translate' ? mark.fill : mark.fill && mark.stroke === false
      const kind = solid && mark.type !== 'text' ? 'solid' : 'line'
      made[kind] = (made[kind] ?? '') + (mark.type === 'text' ? wordOf(mark) : pathOf(mark))
    }
  }
  return made
}

function frame(affiliation, on) {
  const symbol = new ms.Symbol(`130${STANDINGS[affiliation]}${on}000000000000000000`, { size: 100 })
  const { x1, y1, x2, y2 } = symbol.bbox
  return { path: pathOf(symbol.drawInstructions.flat(Infinity)[0]), left: x1, top: y1, right: x2, bottom: y2 }
}

const each = (names, make) => Object.keys(names).map((name) => `  '${name}': ${JSON.stringify(make(name))},`).join('\n')
// Most icons are the same in every frame, and stand here once.
const icons = (entity, on) => {
  const drawn = Object.keys(STANDINGS).map((affiliation) => [affiliation, parts(instructions(affiliation, '00', entity, on).slice(1))])
  return new Set(drawn.map(([, one]) => JSON.stringify(one))).size === 1 ? drawn[0][1] : Object.fromEntries(drawn)
}
const file = process.argv[2] ?? new URL('../src/map/symbols.ts', import.meta.url)
writeFileSync(file, `// Written by tools/symbols.mjs from milsymbol (MIT, Copyright (c) 2017 Måns Beckman); do not edit.

/** Drawings in the units of milsymbol, in which (100, 100) is the middle of a frame. */
export interface Drawing {
  line?: string
  solid?: string
}

export const FRAMES = {
${each(STANDINGS, (name) => frame(name, LAND))}
}

export type Affiliation = keyof typeof FRAMES

/** The frames of ships: a friend's is round. */
export const SEA_FRAMES: typeof FRAMES = {
${each(STANDINGS, (name) => frame(name, SEA))}
}

/** The drawing of a function; in each frame its own where they differ. */
export const ICONS: Record<string, Drawing & Partial<Record<Affiliation, Drawing>>> = {
${each(FUNCTIONS, (name) => icons(FUNCTIONS[name], LAND))}
}

export const SHIPS: typeof ICONS = {
${each(SHIPS, (name) => icons(SHIPS[name], SEA))}
}

/** Marks of size, over the frame of a friend. */
export const ECHELONS: Record<string, Drawing> = {
${each(ECHELONS, (name) => parts(instructions('friend', ECHELONS[name], '0000000000').slice(1)))}
}
`)

// What stands where on the sheet, for every layer of the map.
import { circlePath, circleTop, kmPerPixel, overlaps, placeTags, type Box, type PlacedTag } from './ground'
import type { Flat } from './plane'
import { percent, plain } from '../shared/numbers'
import type { Scene } from '../types/scene'
import type { Ground, Ring, Zone } from '../types/stage'
import type { Placed } from './routes'
import type { Seen } from './seen'
import type { Turn } from './turn'

export interface Layout {
  width: number
  height: number
  /** From the Earth to the sheet before zooming. */
  on: Flat
  /** How far the map is zoomed and panned. */
  view: Turn
  /** The radius of a pie. */
  radius: number
  /** The size of the letters of names, in pixels. */
  letter: number
  /** Where the drawn places lie before zooming, by their position in scene.stage.places. */
  flat: Map<number, [number, number]>
  /** The same after zooming. */
  screen: Map<number, [number, number]>
}

export interface DrawnRing {
  zone: Zone
  ring: Ring
  path: string
  top: [number, number]
  labelled: boolean
  says: string
}

/** The size of one unit of the drawings of symbols. */
export function symbolScale({ width, radius, letter, view }: Layout): number {
  const small = width < 520 ? 0.115 : radius < 8 ? 0.13 : 0.155
  return small * (letter / 12) * Math.min(1.4, view.k ** 0.25)
}

/** The part of the drawings that a symbol can fill, whatever its frame and its mark of size. */
export const SYMBOL: Box = { left: 23, top: -12, right: 177, bottom: 174 }

function symbolBox(layout: Layout): { wide: number; high: number } {
  const scale = symbolScale(layout)
  // Boxes stand a little apart of themselves.
  return { wide: (SYMBOL.right - SYMBOL.left) * scale, high: ((SYMBOL.bottom - SYMBOL.top) * scale) / 1.04 }
}

// The strongest third of the forces comes before the names of small places.
const STRONG = 1 / 3

/** The circles of zones: all that a radius can be, or what it is in one run. */
export function ringsOf(scene: Scene, seen: Seen, { on, width, height, view }: Layout): DrawnRing[] {
  return scene.stage.zones.flatMap((zone, z) => {
    const centre = zone.centre === null ? null : scene.stage.places[zone.centre].at
    if (!centre) return []
    const km = seen.radii?.[z] ?? null
    const rings = km === null ? zone.rings : [{ km, runs: null, says: 'in this run' }]
    return rings.map((ring) => ({
      zone,
      ring,
      path: circlePath(on, centre, ring.km),
      top: circleTop(on, centre, ring.km),
      // A label wider than its circle would lie over the neighbours; the legend says the same.
      labelled: (ring.km / kmPerPixel(on, width, height)) * view.k > 30,
      says: ring.runs !== null && zone.rings.length > 1
        ? `${plain(ring.km)} km · ${percent(ring.runs / scene.head.runs)} of runs`
        : `${plain(ring.km)} km`,
    }))
  })
}

/** Where the label of a ring stands: above its top, whole on the sheet if the top is. */
export function labelOf({ top, says }: DrawnRing, { view, width, letter }: Layout): { x: number; y: number; half: number } {
  const [x, y] = view.apply(top)
  return { ...within(x, wide(says, letter) / 2, width), y: y - 3 }
}

const within = (x: number, half: number, width: number): { x: number; half: number } =>
  ({ x: x > 0 && x < width ? Math.max(half, Math.min(width - half, x)) : x, half })

/** The outlines of zones that are areas, as SVG paths with their holes. */
export function areasOf(scene: Scene, { on }: Layout): { zone: Zone; path: string }[] {
  return scene.stage.zones.filter((zone) => zone.area.length > 0).map((zone) => ({
    zone,
    path: zone.area.flat().map((ring) => `M${on.around(ring).map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}Z`).join(''),
  }))
}

const ruler = document.createElement('canvas').getContext('2d')!
// The family is asked for once and each text measured once: to ask is to have the styles of the whole page worked out.
let family = ''
const widths = new Map<string, number>()
export function wide(text: string, letter: number): number {
  const font = `600 ${letter}px ${(family ||= getComputedStyle(document.body).fontFamily)}`
  const found = widths.get(font + text)
  if (found !== undefined) return found
  ruler.font = font
  const measured = ruler.measureText(text).width + 3
  widths.set(font + text, measured)
  return measured
}

// Towns before posts, posts before points of the road; the author's order within.
const RANK = ['capital', 'city', 'town', 'base', 'crossing', 'field', 'village']
const rank = (kind: string): number => {
  const words = kind.toLowerCase().split(/[^\p{L}]+/u)
  const at = RANK.findIndex((word) => words.includes(word))
  return at < 0 ? RANK.length : at
}

/** The radius of the number of an event. */
export const NUMBER = 8

/** The ends of the way of an event: the first two of its places that are drawn. */
export const waysOf = <Drawn>(places: number[], drawn: Map<number, Drawn>): number[] => places.filter((place) => drawn.has(place)).slice(0, 2)

export interface Name extends PlacedTag {
  place: number
}

// On a small sheet long leaders would only make a thicket.
const SHEET_FOR_LEADERS = 520
const NAME_REACH = 34
const SHORT_REACH = 9

/**
 * The numbers of the events of a route, the names of places and the symbols of forces that have room: numbers, the chosen
 * place, towns, strong forces, other names, other forces. `clear` tells what a place's mark takes; `forces` how strong a
 * force there ever is. Numbers are by the position of their event; `taken` are the boxes of all of these and of rings.
 */
export function placeNames(
  scene: Scene, layout: Layout, chosen: number, rings: DrawnRing[], corners: Box[], clear: (place: number) => number,
  forces: Map<number, number>, marks: Placed[],
): { names: Name[]; symbols: Name[]; numbers: Map<number, Name>; taken: Box[] } {
  const { width, height, screen, view } = layout
  const inSheet = (p: [number, number]) => p[0] > -10 && p[1] > -10 && p[0] < width + 10 && p[1] < height + 10
  const there = [...screen.keys()].filter((i) => inSheet(screen.get(i)!))
  const points = new Map(there.map((i) => [i, { x: screen.get(i)![0], y: screen.get(i)![1], clear: clear(i) }]))
  const reach = width > SHEET_FOR_LEADERS ? NAME_REACH : SHORT_REACH
  const symbol = symbolBox(layout)
  const strongest = [...forces.keys()].sort((a, b) => forces.get(b)! - forces.get(a)!)
  const numbered = marks.flatMap(({ places }, i) => {
    const place = waysOf(places, points).at(-1)
    return place === undefined ? [] : [{ place, i, kind: 'number', turn: -2, tag: { point: place, wide: 2 * NUMBER + 2, high: 2 * NUMBER + 2, reach: NAME_REACH } }]
  })
  const wanted = [
    ...numbered,
    ...there.map((place) => {
      const kind = rank(scene.stage.places[place].kind)
      const turn = place === chosen ? -1 : kind < RANK.indexOf('base') ? kind : RANK.length + kind
      return { place, i: place, kind: 'name', turn, tag: { point: place, wide: wide(scene.stage.places[place].name, layout.letter), high: layout.letter + 1, reach } }
    }),
    ...there.filter((place) => (forces.get(place) ?? 0) > 0).map((place) => {
      const behind = strongest.indexOf(place) / strongest.length
      const turn = behind < STRONG ? RANK.length - 1 + behind : 3 * RANK.length + behind
      return { place, i: place, kind: 'force', turn, tag: { point: place, ...symbol, reach: SHORT_REACH } }
    }),
  ].sort((a, b) => a.turn - b.turn)
  const taken = [
    ...corners,
    ...rings.filter((ring) => ring.labelled).map((ring) => {
      const { x, y, half } = labelOf(ring, layout)
      return { left: x - half, right: x + half, top: y - 11, bottom: y + 6 }
    }),
  ]
  const placed = placeTags(wanted.map((one) => one.tag), points, { left: 0, top: 0, right: width, bottom: height }, taken)
  const all = placed.map((tag) => ({ ...tag, place: wanted[tag.tag].place }))
  const of = (kind: string): Name[] => all.filter((one) => wanted[one.tag].kind === kind)
  return {
    names: of('name'), symbols: of('force'), numbers: new Map(of('number').map((one) => [wanted[one.tag].i, one])),
    taken: [...taken, ...all.map(({ box }) => box)],
  }
}

/** The size of the letters of countries, in pixels, and how far they stand apart, in letters; see SheetMap.svelte. */
const COUNTRY = 13
const SPACED = 0.18

/** The names of countries, which fill what room is left. */
export function countryNames(ground: Ground, { on, screen, radius, view, width }: Layout, full: Box[]): { name: string; x: number; y: number }[] {
  const marks = [...screen.values()].map(([x, y]) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }))
  const taken = [...full, ...marks]
  return ground.lands.flatMap((part) => {
    if (!part.label) return []
    const [centre, middle] = view.apply(on.spot(ground, part.label))
    // In capitals, a little apart.
    const { x, half } = within(centre, (wide(part.name.toUpperCase(), COUNTRY) + SPACED * COUNTRY * part.name.length) / 2, width)
    for (const dy of [0, 26, -26, 52, -52]) {
      const y = middle + dy
      const box = { left: x - half, right: x + half, top: y - 12, bottom: y + 5 }
      if (taken.some((other) => overlaps(box, other))) continue
      taken.push(box)
      return [{ name: part.name, x, y }]
    }
    return []
  })
}

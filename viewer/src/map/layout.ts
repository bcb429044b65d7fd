// What stands where on the sheet, for every layer of the map.
import type { GeoProjection } from 'd3-geo'
import type { ZoomTransform } from 'd3-zoom'
import { circlePath, circleTop, kmPerPixel, overlaps, placeTags, type Box, type Ground, type PlacedTag } from './ground'
import { percent, plain } from '../parts/numbers'
import type { Ring, Scene, Zone } from '../scene/scene'
import type { Seen } from './seen'

export interface Layout {
  width: number
  height: number
  projection: GeoProjection
  /** How far the map is zoomed and panned. */
  view: ZoomTransform
  /** The radius of a pie. */
  radius: number
  /** Where the drawn places lie before zooming, by their position in scene.places. */
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

/** The circles of zones: all that a radius can be, or what it is in one run. */
export function ringsOf(scene: Scene, seen: Seen, { projection, width, height, view }: Layout): DrawnRing[] {
  return scene.zones.flatMap((zone, z) => {
    const centre = zone.centre === null ? null : scene.places[zone.centre].at
    if (!centre) return []
    const km = seen.radii?.[z] ?? null
    const rings = km === null ? zone.rings : [{ km, runs: null, says: 'in this run' }]
    return rings.map((ring) => ({
      zone,
      ring,
      path: circlePath(projection, centre, ring.km),
      top: circleTop(projection, centre, ring.km),
      // A label wider than its circle would lie over the neighbours; the legend says the same.
      labelled: (ring.km / kmPerPixel(projection, width, height)) * view.k > 30,
      says: ring.runs !== null && zone.rings.length > 1
        ? `${plain(ring.km)} km · ${percent(ring.runs / scene.head.runs)} of runs`
        : `${plain(ring.km)} km`,
    }))
  })
}

const ruler = document.createElement('canvas').getContext('2d')!
const wide = (text: string): number => {
  ruler.font = `600 12px ${getComputedStyle(document.body).fontFamily}`
  return ruler.measureText(text).width + 3
}

// Towns before posts, posts before points of the road; the author's order within.
const RANK = ['capital', 'city', 'town', 'base', 'crossing', 'field', 'village']
const rank = (kind: string): number => {
  const at = RANK.findIndex((word) => kind.toLowerCase().includes(word))
  return at < 0 ? RANK.length : at
}

export interface Name extends PlacedTag {
  place: number
}

/** The names of places that have room; the chosen one first, then by kind. `clear` tells what a place's mark takes. */
export function placeNames(
  scene: Scene, layout: Layout, chosen: number, rings: DrawnRing[], corners: Box[], clear: (place: number) => number,
): Name[] {
  const { width, height, screen, view } = layout
  const inSheet = (p: [number, number]) => p[0] > -10 && p[1] > -10 && p[0] < width + 10 && p[1] < height + 10
  const wanted = [...screen.keys()]
    .filter((i) => inSheet(screen.get(i)!))
    .sort((a, b) => Number(b === chosen) - Number(a === chosen) || rank(scene.places[a].kind) - rank(scene.places[b].kind))
  const taken = [
    ...corners,
    ...rings.filter((ring) => ring.labelled).map((ring) => {
      const [x, y] = view.apply(ring.top)
      const half = wide(ring.says) / 2
      return { left: x - half, right: x + half, top: y - 14, bottom: y + 3 }
    }),
  ]
  const placed = placeTags(
    wanted.map((i) => ({ text: scene.places[i].name, x: screen.get(i)![0], y: screen.get(i)![1], clear: clear(i) })),
    wide, 13, { left: 0, top: 0, right: width, bottom: height }, taken,
  )
  return placed.map((tag) => ({ ...tag, place: wanted[tag.tag] }))
}

/** The names of countries, which fill what room is left. */
export function countryNames(ground: Ground[], { screen, radius, view }: Layout, full: Box[]): { name: string; x: number; y: number }[] {
  const marks = [...screen.values()].map(([x, y]) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }))
  const taken = [...full, ...marks]
  return ground.flatMap((part) => {
    if (!part.label) return []
    const [x, middle] = view.apply(part.label)
    const half = wide(part.name) * 0.85
    for (const dy of [0, 26, -26, 52, -52]) {
      const y = middle + dy
      const box = { left: x - half, right: x + half, top: y - 12, bottom: y + 5 }
      if (!taken.some((other) => overlaps(box, other))) return [{ name: part.name, x, y }]
    }
    return []
  })
}

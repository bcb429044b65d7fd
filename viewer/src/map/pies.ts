// The pies of the map as few paths: one for each holder, through all places that lie apart; a step costs by their number.
import type { Held, Seen } from './seen'
import { countAt, slicesOf, type Moment } from './tween'

type Spots = Map<number, [number, number]>

/** The places in layers, one above the other: within a layer none touches another, each with its radius in pixels. */
export function layersOf(screen: Spots, radius: (place: number) => number): number[][] {
  const layers: number[][] = []
  const below: [x: number, y: number, r: number, layer: number][] = []
  for (const [place, [x, y]] of screen) {
    let layer = 0
    const r = radius(place)
    for (const [u, v, q, at] of below) if (at >= layer && (u - x) ** 2 + (v - y) ** 2 < (r + q) ** 2) layer = at + 1
    below.push([x, y, r, layer])
    layers[layer] ??= []
    layers[layer].push(place)
  }
  return layers
}

/** Where the path of a place begins. */
export const startAt = (screen: Spots, place: number): string => `M${screen.get(place)!.map((v) => v.toFixed(1)).join(' ')}`

/** A circle around where a path stands. */
export const circle = (r: number): string => `m0 ${-r}a${r} ${r} 0 1 1 0 ${2 * r}a${r} ${r} 0 1 1 0 ${-2 * r}z`

const fine = (v: number): number => Math.round(100 * v) / 100

/** A slice from one share of the turn to another, clockwise from the top, around where a path stands. */
export function slice(from: number, to: number, radius: number): string {
  const [begin, end] = [2 * Math.PI * from, 2 * Math.PI * to]
  const [x, y, u, v] = [Math.sin(begin), -Math.cos(begin), Math.sin(end), -Math.cos(end)].map((part) => fine(radius * part))
  return `l${x} ${y}a${radius} ${radius} 0 ${to - from > 0.5 ? 1 : 0} 1 ${fine(u - x)} ${fine(v - y)}z`
}

const FULL = 0.9995
// A pie is drawn again when that can be seen: half of a hundredth is a quarter of a pixel of its rim.
const FINE = 200

/** The slices of the pies of what is seen, of some size, by holder; what was drawn the same way before is not worked out again. */
export class Slices {
  #known = new Map<number, { from: string; slices: [id: string, path: string][] }>()

  constructor(readonly seen: Seen, readonly order: string[], readonly radius: number) {}

  of(held: Held, moment: Moment): [id: string, path: string][] {
    let from = ''
    for (const runs of held.runs.values()) from += `${Math.round((countAt(runs, moment) / this.seen.runs) * FINE)} `
    const before = this.#known.get(held.place)
    if (before?.from === from) return before.slices
    const slices = slicesOf(held, this.order, this.seen.runs, moment).filter(({ share }) => share > 0)
      .map(({ id, share, from, to }): [string, string] => [id, share > FULL ? circle(this.radius) : slice(from, to, this.radius)])
    this.#known.set(held.place, { from, slices })
    return slices
  }
}

/** For each of these its path through all places that have a part of it. */
export function joined<Id>(places: number[], screen: Spots, parts: (place: number) => [Id, string][]): Map<Id, string> {
  const paths = new Map<Id, string>()
  for (const place of places) {
    for (const [id, part] of parts(place)) paths.set(id, (paths.get(id) ?? '') + startAt(screen, place) + part)
  }
  return paths
}

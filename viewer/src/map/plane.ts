// From longitude and latitude to the plane of a sheet, and from there to pixels; src/standoff/report/plane.py does the same sums.
import type { Ground, Place, Plane, Sheet } from '../types/stage'

export type XY = [number, number]

const RADIANS = Math.PI / 180
const END = Math.PI / 2 - 1e-6
const half = (lat: number): number => Math.tan(Math.PI / 4 + Math.max(-END, Math.min(END, lat)) / 2)

const nearest = (turn: number): number => ((((turn + 180) % 360) + 360) % 360) - 180
const laid = (plane: Plane, [lon, lat]: XY): XY => laidAcross(plane, nearest(lon - plane.middle), lat)

function laidAcross({ shape, cone, scale }: Plane, across: number, lat: number): XY {
  if (shape === 'grid') return [across * scale, -lat]
  if (shape === 'cylinder') return [across * RADIANS, -Math.log(half(lat * RADIANS))]
  const out = scale / half(lat * RADIANS) ** cone
  return [out * Math.sin(cone * across * RADIANS), out * Math.cos(cone * across * RADIANS)]
}

function lifted({ shape, middle, cone, scale }: Plane, [x, y]: XY): XY {
  if (shape === 'grid') return [middle + x / scale, -y]
  if (shape === 'cylinder') return [middle + x / RADIANS, (2 * Math.atan(Math.exp(-y)) - Math.PI / 2) / RADIANS]
  const turn = Math.sign(cone)
  const lat = 2 * Math.atan((scale / (turn * Math.hypot(x, y))) ** (1 / cone)) - Math.PI / 2
  return [middle + Math.atan2(turn * x, turn * y) / cone / RADIANS, lat / RADIANS]
}

/** A sheet at some size: a plane that is enlarged and shifted. */
export class Flat {
  constructor(readonly plane: Plane, readonly k: number, readonly x: number, readonly y: number) {}

  /** Where a point of the Earth is drawn, in pixels. */
  at(point: XY): XY {
    const [x, y] = laid(this.plane, point)
    return [this.k * x + this.x, this.k * y + this.y]
  }

  /** Where an outline is drawn, in one piece: on the side of the sheet where the middle of its width lies. */
  around(ring: XY[]): XY[] {
    const lons = ring.map(([lon]) => lon)
    const middle = (Math.min(...lons) + Math.max(...lons)) / 2
    const turn = nearest(middle - this.plane.middle) - middle
    return ring.map(([lon, lat]) => {
      const [x, y] = laidAcross(this.plane, lon + turn, lat)
      return [this.k * x + this.x, this.k * y + this.y]
    })
  }

  /** The longitude and latitude under a pixel. */
  under([x, y]: XY): XY {
    return lifted(this.plane, [(x - this.x) / this.k, (y - this.y) / this.k])
  }

  /** Where a spot of the ground is drawn. */
  spot({ left, top, unit }: Ground, [x, y]: XY): XY {
    return [this.k * (left + unit * x) + this.x, this.k * (top + unit * y) + this.y]
  }

  /** Puts what is drawn in units of the ground onto the sheet. */
  transform(ground: Ground): string {
    const [x, y] = this.spot(ground, [0, 0])
    return `translate(${x.toFixed(2)},${y.toFixed(2)}) scale(${+(this.k * ground.unit).toPrecision(7)})`
  }
}

/** The sheet in so many pixels, as large as its places allow; `pad` is left free around them, at the right for names. */
export function flatOf(places: Place[], { plane, frame, places: shown }: Sheet, width: number, height: number, pad: { around: number; right: number }): Flat {
  const points = shown.map((i) => places[i].at!)
  // Where all places stand on one spot or close together, the frame has a margin around them.
  const close = ![frame[1], frame[3]].every((edge) => points.some(([, lat]) => lat === edge))
  const spots = (close ? [[frame[0], frame[1]], [frame[2], frame[3]]] as XY[] : points).map((point) => laid(plane, point))
  const [xs, ys] = [spots.map(([x]) => x), spots.map(([, y]) => y)]
  const [left, right, top, foot] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const [wide, high] = [width - pad.around - pad.right, height - 2 * pad.around]
  const k = Math.min(wide / (right - left || 1e-9), high / (foot - top || 1e-9))
  return new Flat(plane, k, pad.around + (wide - k * (left + right)) / 2, pad.around + (high - k * (top + foot)) / 2)
}

// Circles on the ground, pies, and where labels go on the sheet.
import { EARTH_RADIUS_KM, type Sheet } from '../types/stage'
import { flatOf, type Flat, type XY } from './plane'
import type { Place } from '../types/stage'

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** A box of the stage: west, south, east and north in degrees. */
export const boxOf = ([left, bottom, right, top]: Sheet['frame']): Box => ({ left, top, right, bottom })

/** A sheet that fills so many pixels, with room for names at the right. */
export function sheetIn(places: Place[], sheet: Sheet, width: number, height: number): Flat {
  const around = Math.min(34, width / 12)
  return flatOf(places, sheet, width, height, { around, right: around * 1.6 })
}

const RADIANS = Math.PI / 180
const CORNERS = 72

/** A point on the ground so many km from another, in the direction of so many degrees from the north (on a sphere). */
function from([lon, lat]: XY, km: number, degrees: number): XY {
  const [level, far, turn] = [lat * RADIANS, km / EARTH_RADIUS_KM, degrees * RADIANS]
  const north = Math.asin(Math.sin(level) * Math.cos(far) + Math.cos(level) * Math.sin(far) * Math.cos(turn))
  const onward = Math.cos(level) * Math.cos(far) - Math.sin(level) * Math.sin(far) * Math.cos(turn)
  const east = Math.atan2(Math.sin(turn) * Math.sin(far), onward)
  return [lon + east / RADIANS, north / RADIANS]
}

/** A circle on the ground, as an SVG path. */
export function circlePath(flat: Flat, centre: XY, km: number): string {
  const points = Array.from({ length: CORNERS }, (_, i) => flat.at(from(centre, km, (360 * i) / CORNERS)))
  return `M${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}Z`
}

/** The topmost point of a circle on the ground, where its label goes. */
export const circleTop = (flat: Flat, centre: XY, km: number): XY => flat.at(from(centre, km, 0))

/** How many km one pixel is in the middle of the sheet. */
export function kmPerPixel(flat: Flat, width: number, height: number): number {
  const [west, east] = [-50, 50].map((aside) => flat.under([width / 2 + aside, height / 2]).map((one) => one * RADIANS))
  // The haversine of the angle between them.
  const part = Math.sin((east[1] - west[1]) / 2) ** 2 + Math.cos(west[1]) * Math.cos(east[1]) * Math.sin((east[0] - west[0]) / 2) ** 2
  return (2 * Math.asin(Math.sqrt(part)) * EARTH_RADIUS_KM) / 100 || 1
}

export interface Tag {
  /** Which point it belongs to. */
  point: number
  wide: number
  high: number
  /** How far from its point it may stand. */
  reach: number
}

export interface Point {
  x: number
  y: number
  /** The radius that its mark takes. */
  clear: number
}

export interface PlacedTag {
  tag: number
  x: number
  y: number
  anchor: 'start' | 'middle' | 'end'
  /** From the mark to a text that had to stand away from it. */
  leader: string
  box: Box
}

export function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

const DIRECTIONS = [0, 180, 270, 90, 315, 45, 225, 135, 338, 22, 202, 158, 292, 68, 248, 112]
const DISTANCES = [0, 9, 20, 34]

/**
 * Puts texts and symbols beside their points, first come first served: each takes the nearest place around its point
 * where it hits nothing, with a leader line where that is not close by, and is left out where there is none.
 */
export function placeTags(tags: Tag[], points: Map<number, Point>, sheet: Box, taken: Box[]): PlacedTag[] {
  const boxes: (Box & { of?: number })[] = [...taken, ...[...points].map(([of, { x, y, clear }]) => (
    { of, left: x - clear, right: x + clear, top: y - clear, bottom: y + clear }
  ))]
  const placed: PlacedTag[] = []
  tags.forEach(({ point, wide, high, reach }, i) => {
    const { x: middle, y: level, clear } = points.get(point)!
    const free = (box: Box): boolean =>
      box.left > sheet.left && box.right < sheet.right && box.top > sheet.top && box.bottom < sheet.bottom
      && !boxes.some((other) => other.of !== point && overlaps(box, other))
    for (const distance of DISTANCES.filter((one) => one <= reach)) {
      for (const degrees of DIRECTIONS) {
        const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
        const out = clear + 3 + distance
        const anchor = cos > 0.3 ? 'start' : cos < -0.3 ? 'end' : 'middle'
        const x = middle + out * cos
        // The middle of its height lies on the ray, but above and below, and if it is high, it stands clear of the mark.
        const aside = Math.abs(sin) > 0.9 ? high * 0.52 - 1.5 : Math.abs(sin) > 0.3 ? Math.max(0, high * 0.52 - 7) : 0
        const y = level + out * sin + Math.sign(sin) * aside
        const left = x - (anchor === 'end' ? wide : anchor === 'middle' ? wide / 2 : 0)
        const box = { left, right: left + wide, top: y - high * 0.52, bottom: y + high * 0.52 }
        if (!free(box)) continue
        boxes.push(box)
        const from = `${(middle + clear * cos).toFixed(1)} ${(level + clear * sin).toFixed(1)}`
        const to = `${(middle + (out - 2) * cos).toFixed(1)} ${(level + (out - 2) * sin).toFixed(1)}`
        placed.push({ tag: i, x, y: y + high * 0.3, anchor, leader: distance > 0 ? `M${from}L${to}` : '', box })
        return
      }
    }
  })
  return placed
}

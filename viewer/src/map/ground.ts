// From longitude and latitude to the sheet: projection, frames, circles, pies and where labels go.
import { geoCircle, geoConicConformal, geoDistance, geoEquirectangular, geoGraticule, geoPath, type GeoProjection } from 'd3-geo'
import type { Feature, FeatureCollection, Geometry, MultiPolygon, Polygon, Position } from 'geojson'
import { EARTH_RADIUS_KM, type Place, type Sheet } from '../types/stage'

export const KM_PER_DEGREE = (Math.PI * EARTH_RADIUS_KM) / 180

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** A box of the stage: west, south, east and north in degrees. */
export const boxOf = ([left, bottom, right, top]: Sheet['frame']): Box => ({ left, top, right, bottom })

// What is wider, or reaches nearer to a pole, is drawn with equal steps for equal degrees: no cone is true of it.
const WIDEST = 120
const HIGHEST = 78

/** A projection that fits the places of a sheet into so many pixels; conformal but for a large part of the world. */
export function projectionFor(places: Place[], sheet: Sheet, width: number, height: number): GeoProjection {
  const box = boxOf(sheet.frame)
  const low = box.bottom + (box.top - box.bottom) / 6
  const high = box.top - (box.top - box.bottom) / 6
  const pad = Math.min(34, width / 12)
  const small = box.right - box.left <= WIDEST && Math.max(Math.abs(box.bottom), Math.abs(box.top)) <= HIGHEST
  const made = small
    ? geoConicConformal().parallels(high - low > 0.01 ? [low, high] : [box.bottom - 0.5, box.bottom + 0.5])
    : geoEquirectangular()
  const points = sheet.places.map((i) => places[i].at!)
  // Where all places stand on one spot there is nothing to fit but the margin that the frame has around it.
  const apart = new Set(points.map(String)).size > 1
  // Turned to the middle of the frame, so that places on both sides of the date line stand beside each other.
  return made
    .rotate([-(box.left + box.right) / 2, 0])
    .fitExtent([[pad, pad], [width - pad * 1.6, height - pad]], {
      type: 'MultiPoint',
      coordinates: apart ? points : [[box.left, box.bottom], [box.right, box.top]],
    })
    .clipExtent([[-width, -height], [2 * width, 2 * height]])
}

/** Meridians and parallels over and around a sheet, as an SVG path: what is drawn where no coast is known. */
export function graticulePath(projection: GeoProjection, sheet: Sheet): string {
  const box = boxOf(sheet.frame)
  const wide = Math.max(box.right - box.left, 0.5)
  const high = Math.max(box.top - box.bottom, 0.5)
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].find((one) => Math.max(wide, high) / one <= 8) ?? 45
  const middle = (box.left + box.right) / 2
  const down = (lon: number): number => Math.floor(lon / step) * step
  const [west, east] = [Math.max(down(box.left - wide), middle - 179), Math.min(down(box.right + wide) + step, middle + 179)]
  const [south, north] = [Math.max(down(box.bottom - high), -85), Math.min(down(box.top + high) + step, 85)]
  const lines = geoGraticule().step([step, step]).extent([[west, south], [east, north]]).precision(2)
  return geoPath(projection).digits(1)(lines()) ?? ''
}

function clockwise(ring: Position[]): boolean {
  let area = 0
  for (let i = 1; i < ring.length; i += 1) {
    area += (ring[i][0] - ring[i - 1][0]) * (ring[i][1] + ring[i - 1][1])
  }
  return area > 0
}

function wound(rings: Position[][]): Position[][] {
  return rings.map((ring, i) => (clockwise(ring) === (i === 0) ? ring : [...ring].reverse()))
}

/** The same polygon with outer rings clockwise, which is what d3 calls inside; otherwise it fills the globe. */
export function windForD3(geometry: Geometry): Geometry {
  if (geometry.type === 'Polygon') {
    return { type: 'Polygon', coordinates: wound(geometry.coordinates) } satisfies Polygon
  }
  if (geometry.type === 'MultiPolygon') {
    return { type: 'MultiPolygon', coordinates: geometry.coordinates.map(wound) } satisfies MultiPolygon
  }
  return geometry
}

export interface Ground {
  kind: string
  name: string
  path: string
  label: [number, number] | null
}

// Land below lines; the file has them in the order of its layers.
const LAYERS = ['country', 'lake', 'province', 'river', 'border']

/** The basemap as SVG paths, with a point for the name of each country that is in view. */
export function groundPaths(basemap: FeatureCollection, projection: GeoProjection, width: number, height: number): Ground[] {
  const path = geoPath(projection).digits(1)
  const layer = (feature: Feature): number => LAYERS.indexOf(String(feature.properties?.kind ?? ''))
  return [...basemap.features].sort((a, b) => layer(a) - layer(b)).map((feature: Feature) => {
    const kind = String(feature.properties?.kind ?? '')
    const geometry = windForD3(feature.geometry)
    let label: [number, number] | null = null
    if (kind === 'country') {
      const inset: [[number, number], [number, number]] = [[50, 24], [width - 50, height - 24]]
      const wide = projection.clipExtent()
      projection.clipExtent(inset)
      const view = geoPath(projection)
      if (view.area(geometry) > 2500) label = view.centroid(geometry)
      projection.clipExtent(wide)
    }
    return { kind, name: String(feature.properties?.name ?? ''), path: path(geometry) ?? '', label }
  })
}

/** The window that the basemap covers; beyond it nothing is known, which must not look like sea. */
export function windowPath(projection: GeoProjection, { left, right, top, bottom }: Box): string {
  const along = (from: number, to: number, put: (v: number) => Position): Position[] =>
    Array.from({ length: 25 }, (_, i) => put(from + ((to - from) * i) / 24))
  const ring = [
    ...along(left, right, (lon) => [lon, top]), ...along(top, bottom, (lat) => [right, lat]),
    ...along(right, left, (lon) => [lon, bottom]), ...along(bottom, top, (lat) => [left, lat]),
  ]
  return geoPath(projection).digits(1)({ type: 'Polygon', coordinates: [ring] }) ?? ''
}

/** A circle on the ground, as an SVG path. */
export function circlePath(projection: GeoProjection, centre: [number, number], km: number): string {
  return geoPath(projection).digits(1)(geoCircle().center(centre).radius(km / KM_PER_DEGREE).precision(3)()) ?? ''
}

/** The topmost point of a circle on the ground, where its label goes. */
export function circleTop(projection: GeoProjection, centre: [number, number], km: number): [number, number] {
  return projection([centre[0], centre[1] + km / KM_PER_DEGREE]) ?? [0, 0]
}

/** How many km one pixel is in the middle of the sheet. */
export function kmPerPixel(projection: GeoProjection, width: number, height: number): number {
  const west = projection.invert?.([width / 2 - 50, height / 2])
  const east = projection.invert?.([width / 2 + 50, height / 2])
  return west && east ? (geoDistance(west, east) * EARTH_RADIUS_KM) / 100 : 1
}

/** A slice of a pie from one share of the turn to another, clockwise from the top. */
export function slicePath(from: number, to: number, radius: number): string {
  const at = (share: number): string => {
    const angle = 2 * Math.PI * share
    return `${(radius * Math.sin(angle)).toFixed(2)} ${(-radius * Math.cos(angle)).toFixed(2)}`
  }
  return `M0 0L${at(from)}A${radius} ${radius} 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)}Z`
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

// Written by tools/write_types.py from standoff.report.stage; do not edit.
/*
 * Types of the stage: who is there and where, which does not change; a page gets it once, and frames as they come.
 *
 * Points are longitude and latitude in degrees, as GeoJSON has them. Places, zones and corridors are named by their
 * positions in the lists of the stage.
 */

/** The mean radius of the Earth (IUGG). */
export const EARTH_RADIUS_KM = 6371.0088

/** An actor or another possible holder of a place. */
export interface Actor {
  id: string
  name: string
  kind: string
  /** `#rrggbb`; the author's where given, else from a colour-blind-safe palette. */
  colour: string
  about: string
  /** The function in its symbol of a unit; the author's where given, else made from its kind. */
  symbol: string
  /** Whom it depends on, by its own declaration; empty for nobody. */
  patron: string
  /** The pattern over its colour, which tells holders apart without hues; empty for none. */
  mark: string
}

/** A place; `at` is None where the author gave no coordinates. */
export interface Place {
  id: string
  name: string
  at: [number, number] | null
  kind: string
  country: string
  about: string
}

/** A road between two places; one that is `one_way` leads only from its first end to its second. */
export interface Route {
  ends: [number, number]
  km: number | null
  along: string
  one_way: boolean
}

/** One radius that a zone has in some of the runs. */
export interface Ring {
  km: number
  /** Runs in which the radius is this one; None for a quantile of a continuous prior. */
  runs: number | null
  /** `fixed`, the parameter's name, or which quantile it is. */
  says: string
}

/** A zone with the rings its radius can take, or its named places and perhaps their outline. */
export interface Zone {
  id: string
  name: string
  centre: number | null
  places: number[]
  holder: string
  excludes: string[]
  rings: Ring[]
  /** Polygons, each with its outer ring first and then its holes; longitudes do not jump at the date line. */
  area: [number, number][][][]
}

/** A path that must be in friendly hands from end to end. */
export interface Corridor {
  id: string
  name: string
  ends: [number, number]
  /** The named paths; none where any path of roads counts. */
  paths: number[][]
  any_path: boolean
  /** Ids of the actors whose holding keeps it open; the empty id for nobody. */
  friendly: string[]
}

/** A watched number that is drawn along time. */
export interface Chart {
  watch: string
  index: string[]
  label: string
  unit: string
}

/**
 * How a sheet is flat: Lambert's conformal `cone`, Mercator's `cylinder`, or a `grid` of equal degrees.
 *
 * A point of the plane lies x to the right of the middle meridian and y down. Of a cone y, x = r cos(na), r sin(na)
 * with r = scale / tan(45 degrees + lat/2)^n, n = `cone`, a the longitude from the middle.
 */
export interface Plane {
  shape: 'cone' | 'cylinder' | 'grid'
  /** The meridian in the middle, in degrees. */
  middle: number
  cone: number
  scale: number
}

/** Something on the ground; its path is SVG's, in units of `Ground`, with steps from point to point. */
export interface Land {
  kind: string
  name: string
  path: string
  /** Where its name goes; None where too little of it is on the sheet. */
  label: [number, number] | null
}

/** What lies under a sheet, in the plane of the sheet. */
export interface Ground {
  left: number
  top: number
  /** `left` and `top` are where units count from, and `unit` how long one is, in the plane. */
  unit: number
  /** All of the Earth as far as it is on the sheet, as a path: a plane ends at the back of it. */
  known: string
  /** Meridians and parallels, as a path, on a sheet that is very large or shows hardly any land; else empty. */
  degrees: string
  lands: Land[]
}

/** Hills and valleys of a window of the world, where they are bundled. */
export interface Relief {
  window: [number, number, number, number]
  /** A grey picture as a data: address; 128 is flat ground. */
  picture: string
}

/** One map: which places it shows, framed by `frame`, how it is flat, and the ground under it. */
export interface Sheet {
  places: number[]
  /** The smallest box around its places; a larger one where they stand on one spot or close together. */
  frame: [number, number, number, number]
  plane: Plane
  ground: Ground
}

/** Everything that stays as it is while time passes. */
export interface Stage {
  /** First day, ISO 8601; day 0 of all times. */
  starts: string
  ends: string
  days: number
  /** Days since the start at which readings are taken. */
  times: number[]
  actors: Actor[]
  /** Readable names of all entities by id. */
  names: Record<string, string>
  places: Place[]
  routes: Route[]
  zones: Zone[]
  corridors: Corridor[]
  charts: Chart[]
  /** Whether anything has a course through time: a number, who holds a place, a stance or a level. */
  watched: boolean
  /** What the forces of holders are counted in; empty where that is not said. */
  force_unit: string
  /** The map to begin with, then a wider one where places lie beyond it; none where no place has coordinates. */
  sheets: Sheet[]
  relief: Relief | null
}

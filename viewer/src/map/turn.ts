// How far a map is zoomed and panned, and what the pointer, fingers and the wheel do about it.
import type { Action } from 'svelte/action'

const MOST = 12
const BEYOND = 0.4
const DRAGGED = 4
const TWICE = 2
/** Below this the whole map is seen, and one finger scrolls the page. */
export const ENLARGED = 1.01

interface Size {
  width: number
  height: number
}

export class Turn {
  constructor(readonly k = 1, readonly x = 0, readonly y = 0) {}

  /** Where a point of the sheet lies now. */
  apply([x, y]: [number, number]): [number, number] {
    return [x * this.k + this.x, y * this.k + this.y]
  }

  /** Moved by so many pixels, but never further than a bit beyond the sheet. */
  panned(dx: number, dy: number, { width, height }: Size): Turn {
    const within = (at: number, size: number): number => Math.min(BEYOND * size * this.k, Math.max(size - (1 + BEYOND) * size * this.k, at))
    return new Turn(this.k, within(this.x + dx, width), within(this.y + dy, height))
  }

  /** So many times as large, about a point that stays where it is. */
  zoomed(by: number, [x, y]: [number, number], size: Size): Turn {
    const k = Math.min(MOST, Math.max(1, this.k * by))
    const times = k / this.k
    return new Turn(k, x - (x - this.x) * times, y - (y - this.y) * times).panned(0, 0, size)
  }
}

export interface Turning extends Size {
  get: () => Turn
  set: (turn: Turn) => void
}

/** Pans by dragging, zooms by two fingers, a double click, and the wheel with Ctrl, so that a page can still scroll. */
export const turning: Action<SVGSVGElement, Turning> = (sheet, given) => {
  let map = given
  const down = new Map<number, [number, number]>()
  let dragging = false
  const at = (event: MouseEvent): [number, number] => {
    const { left, top } = sheet.getBoundingClientRect()
    return [event.clientX - left, event.clientY - top]
  }
  const middle = (): [number, number] => {
    const points = [...down.values()]
    return [points.reduce((sum, [x]) => sum + x, 0) / points.length, points.reduce((sum, [, y]) => sum + y, 0) / points.length]
  }
  const apart = (): number => {
    const [a, b] = [...down.values()]
    return b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0
  }

  function start(event: PointerEvent): void {
    if (event.button !== 0) return
    if (down.size === 0) dragging = false
    down.set(event.pointerId, at(event))
  }
  function move(event: PointerEvent): void {
    const was = down.get(event.pointerId)
    if (!was) return
    const alone = down.size === 1
    if (alone && event.pointerType === 'touch' && map.get().k < ENLARGED) return
    const now = at(event)
    if (!dragging && alone && Math.hypot(now[0] - was[0], now[1] - was[1]) < DRAGGED) return
    // Only what is dragged is captured: a click still reaches the mark under it.
    if (!dragging) sheet.setPointerCapture(event.pointerId)
    dragging = true
    const [from, wide] = [middle(), apart()]
    down.set(event.pointerId, now)
    const to = middle()
    const moved = map.get().panned(to[0] - from[0], to[1] - from[1], map)
    map.set(wide > 0 ? moved.zoomed(apart() / wide, to, map) : moved)
  }
  const stop = (event: PointerEvent): void => void down.delete(event.pointerId)
  function click(event: MouseEvent): void {
    if (dragging) event.stopPropagation()
    dragging = false
  }
  function wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    map.set(map.get().zoomed(2 ** (-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.004)), at(event), map))
  }
  const twice = (event: MouseEvent): void => map.set(map.get().zoomed(event.shiftKey ? 1 / TWICE : TWICE, at(event), map))

  const over = new AbortController()
  const { signal } = over
  sheet.addEventListener('pointerdown', start, { signal })
  sheet.addEventListener('pointermove', move, { signal })
  for (const end of ['pointerup', 'pointercancel'] as const) sheet.addEventListener(end, stop, { signal })
  sheet.addEventListener('click', click, { signal, capture: true })
  sheet.addEventListener('dblclick', twice, { signal })
  sheet.addEventListener('wheel', wheel, { signal, passive: false })
  return { update: (changed) => void (map = changed), destroy: () => over.abort() }
}

/** The point nearest in a direction, by its key; undefined where none lies there. */
export function nearestTowards(points: Map<number, [number, number]>, from: number, [dx, dy]: [number, number]): number | undefined {
  const [x, y] = points.get(from)!
  let best = Infinity
  let nearest: number | undefined
  for (const [key, [px, py]] of points) {
    const along = (px - x) * dx + (py - y) * dy
    const aside = Math.abs((px - x) * dy - (py - y) * dx)
    if (key === from || along <= 0 || aside > TWICE * along) continue
    if (along + TWICE * aside < best) [best, nearest] = [along + TWICE * aside, key]
  }
  return nearest
}

// The relief of the basemap in the projection of the sheet: light and shadow as a picture that lies over the land.
import type { Ground, Relief } from '../types/stage'
import { boxOf, type Box } from './ground'
import type { Flat } from './plane'

export interface Warped {
  address: string
  box: Box
  /** The ground and the sheet that it was made for. */
  around: Ground
  flat: Flat
}

/** Moves a picture to a sheet of another size: there the same places lie the same but for scale and shift. */
export function moved({ flat: made }: Warped, now: Flat): string {
  const larger = now.k / made.k
  return `translate(${(now.x - larger * made.x).toFixed(2)},${(now.y - larger * made.y).toFixed(2)}) scale(${larger.toFixed(5)})`
}

/** Grey pictures: one value for each point, row by row. */
interface Grey {
  width: number
  height: number
  values: Uint8ClampedArray
}

const FLAT = 128
// Half the resolution of the sheet, and a projection that is reckoned at the corners of tiles only: none of it is seen.
const COARSE = 2
const TILE = 8
// What lies so far beyond the sheet can still be panned into view.
const BEYOND = 0.4

/** The picture behind a data: address as greys; null where it cannot be read. */
export async function readGrey(address: string): Promise<Grey | null> {
  const picture = new Image()
  picture.src = address
  try {
    await picture.decode()
  } catch {
    return null
  }
  const on = canvas(picture.naturalWidth, picture.naturalHeight)
  on.drawImage(picture, 0, 0)
  const { width, height, data } = on.getImageData(0, 0, picture.naturalWidth, picture.naturalHeight)
  const values = new Uint8ClampedArray(width * height)
  for (let i = 0; i < values.length; i += 1) values[i] = data[4 * i]
  return { width, height, values }
}

/** The relief of this window of the world as the sheet shows it before zooming: black and white, both half transparent. */
export async function warped(grey: Grey, flat: Flat, sheet: { width: number; height: number }, relief: Relief, around: Ground): Promise<Warped> {
  const box = {
    left: -BEYOND * sheet.width, right: (1 + BEYOND) * sheet.width, top: -BEYOND * sheet.height, bottom: (1 + BEYOND) * sheet.height,
  }
  const wide = Math.ceil((box.right - box.left) / COARSE / TILE) * TILE
  const high = Math.ceil((box.bottom - box.top) / COARSE / TILE) * TILE
  const on = canvas(wide, high)
  const made = on.createImageData(wide, high)
  for (let y = 0; y < high; y += TILE) {
    for (let x = 0; x < wide; x += TILE) {
      const corners = [[x, y], [x + TILE, y], [x, y + TILE], [x + TILE, y + TILE]]
        .map(([across, down]) => flat.under([box.left + across * COARSE, box.top + down * COARSE]))
      fillTile(made, x, y, corners, grey, boxOf(relief.window))
    }
  }
  on.putImageData(made, 0, 0)
  const blob = await new Promise<Blob | null>((done) => on.canvas.toBlob(done))
  const address = blob ? await readAddress(blob) : ''
  return { address, box: { ...box, right: box.left + wide * COARSE, bottom: box.top + high * COARSE }, around, flat }
}

function fillTile(made: ImageData, left: number, top: number, [a, b, c, d]: [number, number][], grey: Grey, all: Box): void {
  for (let y = 0; y < TILE; y += 1) {
    for (let x = 0; x < TILE; x += 1) {
      const [u, v] = [(x + 0.5) / TILE, (y + 0.5) / TILE]
      const lon = (a[0] * (1 - u) + b[0] * u) * (1 - v) + (c[0] * (1 - u) + d[0] * u) * v
      const lat = (a[1] * (1 - u) + b[1] * u) * (1 - v) + (c[1] * (1 - u) + d[1] * u) * v
      if (lon <= all.left || lon >= all.right || lat <= all.bottom || lat >= all.top) continue
      const light = greyAt(grey, all, lon, lat) - FLAT
      const at = 4 * ((top + y) * made.width + left + x)
      made.data[at] = made.data[at + 1] = made.data[at + 2] = light > 0 ? 255 : 0
      made.data[at + 3] = 2 * Math.abs(light)
    }
  }
}

/** Between the four nearest points. */
function greyAt({ width, height, values }: Grey, all: Box, lon: number, lat: number): number {
  const x = Math.min(width - 1.001, Math.max(0, ((lon - all.left) / (all.right - all.left)) * width - 0.5))
  const y = Math.min(height - 1.001, Math.max(0, ((all.top - lat) / (all.top - all.bottom)) * height - 0.5))
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [u, v] = [x - left, y - top]
  const at = top * width + left
  return (values[at] * (1 - u) + values[at + 1] * u) * (1 - v) + (values[at + width] * (1 - u) + values[at + width + 1] * u) * v
}

function canvas(width: number, height: number): CanvasRenderingContext2D {
  const made = document.createElement('canvas')
  made.width = width
  made.height = height
  return made.getContext('2d', { willReadFrequently: true })!
}

function readAddress(blob: Blob): Promise<string> {
  return new Promise((done) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result))
    reader.readAsDataURL(blob)
  })
}

// Play: time runs evenly through the readings, and the map follows between them at every frame of the screen.
import type { Look } from '../look.svelte'

const READING_MS = 140
const LONGEST_MS = 250

export class Clock {
  playing = $state(false)
  speed = $state(1)
  /** Which part of the way from the reading of the page to the next one lies behind. */
  part = $state(0)

  #look: Look
  #last: number
  // Who wants less motion sees one reading after another.
  #steps = matchMedia('(prefers-reduced-motion: reduce)')

  constructor(look: Look, last: number) {
    this.#look = look
    this.#last = last
  }

  toggle(): void {
    if (this.playing) return this.rest()
    if (this.#look.step >= this.#last) this.#look.step = 0
    this.playing = true
  }

  /** Stop on the nearest reading. */
  rest(): void {
    if (this.part >= 0.5) this.#look.step += 1
    this.part = 0
    this.playing = false
  }

  /** Run until stopped; to be called in an effect. */
  run(): () => void {
    // A frame is told when it began, which is before what was asked within it.
    let before = Infinity
    let over = this.part
    const tick = (now: number): void => {
      over += (Math.max(0, Math.min(LONGEST_MS, now - before)) / READING_MS) * this.speed
      before = now
      const whole = Math.floor(over)
      over -= whole
      const to = Math.min(this.#last, this.#look.step + whole)
      if (to !== this.#look.step) this.#look.step = to
      if (to >= this.#last) {
        this.part = 0
        this.playing = false
        return
      }
      this.part = this.#steps.matches ? 0 : over
      frame = requestAnimationFrame(tick)
    }
    let frame = requestAnimationFrame(tick)
    return () => cancelAnimationFrame(frame)
  }
}

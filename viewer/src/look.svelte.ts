// What the page shows at the moment: one clock, one place, one question and one run for all views.
import { addressOf, readAddress, type Shown } from './address'
import type { Scene } from './types/scene'

/** Changes of these make a new entry in the browser's history; others are written into the one that is there. */
const TURNS = ['view', 'question', 'part'] as const
const REST_MS = 400
/** Under which any part of the page finds what it shows, such as a locator that leads to its source. */
export const LOOK = Symbol('look')

export class Look implements Shown {
  view = $state<Shown['view']>('brief')
  step = $state(0)
  place = $state(-1)
  question = $state('')
  sampled = $state(-1)
  part = $state('')
  paper = $state('')
  /** What the address asks for and the page does not hold, in words. */
  unknown = $state<string[]>([])

  #scene: Scene
  #written: Shown

  constructor(scene: Scene) {
    this.#scene = scene
    this.#written = this.#read()
  }

  /** All that is shown, as plain data. */
  get shown(): Shown {
    const { view, step, place, question, sampled, part, paper } = this
    return { view, step, place, question, sampled, part, paper }
  }

  /** The address of what is shown now, changed in some ways: what a link leads to. */
  to(change: Partial<Shown>): string {
    const turned = change.view !== undefined && change.view !== this.view
    return addressOf(this.#scene, { ...this.shown, ...(turned ? { part: '' } : {}), ...change })
  }

  /** Show something else, as if its link had been followed. */
  go(change: Partial<Shown>): void {
    if (this.to(change) !== location.hash) location.hash = this.to(change)
  }

  /** Show what the address says. */
  follow(): void {
    this.#written = this.#read()
  }

  /** Keep the address up to date with what is shown; to be called in an effect. */
  write(): (() => void) | undefined {
    const shown = this.shown
    const address = addressOf(this.#scene, shown)
    if (address === addressOf(this.#scene, this.#written)) return
    const turned = TURNS.some((key) => shown[key] !== this.#written[key])
    const put = (): void => {
      this.#written = shown
      if (turned) history.pushState(null, '', address)
      else history.replaceState(null, '', address)
    }
    if (turned) return void put()
    // Not at every step of play.
    const later = setTimeout(put, REST_MS)
    return () => clearTimeout(later)
  }

  #read(): Shown {
    const { shown, unknown } = readAddress(this.#scene, location.hash)
    Object.assign(this, shown)
    this.unknown = unknown
    return shown
  }
}

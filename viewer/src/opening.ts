// What the page shows is in its address, as in report.html#at=2017-09-05&place=raqqa&run=83; without one, the end of all runs.
import { isoDate } from './shared/dates'
import type { Scene } from './types/scene'

export interface Shown {
  step: number
  /** By its position in scene.stage.places; -1 for none. */
  place: number
  /** By its position in scene.sampled; -1 for all runs. */
  sampled: number
}

/** What an address asks for, and in words what of that this page does not hold; null where it asks for nothing. */
export function readAddress(scene: Scene, address: string): { shown: Shown; unknown: string[] } | null {
  const asked = new URLSearchParams(address.replace(/^#/, ''))
  if (!['at', 'place', 'run'].some((part) => asked.has(part))) return null
  const last = Math.max(0, scene.stage.times.length - 1)
  const date = asked.get('at') ?? ''
  const dated = !Number.isNaN(Date.parse(date))
  const step = dated ? scene.stage.times.findLastIndex((_, i) => dateOf(scene, i) <= date) : last
  const place = scene.stage.places.findIndex((one) => one.id === asked.get('place'))
  const sampled = scene.sampled.findIndex((one) => String(one.run) === asked.get('run'))
  const unknown = [
    asked.has('at') && !dated ? 'a date such as 2017-09-05' : '',
    asked.has('place') && place < 0 ? `a place “${asked.get('place')}”` : '',
    asked.has('run') && sampled < 0 ? `run ${asked.get('run')} (those it can show: ${scene.sampled.map((one) => one.run).join(', ') || 'none'})` : '',
  ].filter((part) => part !== '')
  return { shown: { step: Math.min(last, Math.max(0, step)), place, sampled }, unknown }
}

// The one at the very end belongs to the last day.
const dateOf = (scene: Scene, step: number): string =>
  isoDate(scene.stage.starts, Math.min(scene.stage.times[step] ?? 0, scene.stage.days - 1e-6))

/** The address of what is shown. */
export function addressOf(scene: Scene, { step, place, sampled }: Shown): string {
  const said = new URLSearchParams({ at: dateOf(scene, step) })
  if (place >= 0) said.set('place', scene.stage.places[place].id)
  if (sampled >= 0) said.set('run', String(scene.sampled[sampled].run))
  return `#${said.toString()}`
}

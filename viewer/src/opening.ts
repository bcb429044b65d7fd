// What the page shows when it opens: the end, or what its address says, as in report.html#at=2017-09-05&place=raqqa&run=83.
import { daysBetween } from './parts/numbers'
import type { Scene } from './scene/scene'

export interface Opening {
  step: number
  place: number
  sampled: number
}

export function openingOf(scene: Scene, address: string): Opening {
  const asked = new URLSearchParams(address.replace(/^#/, ''))
  const last = Math.max(0, scene.times.length - 1)
  const days = daysBetween(scene.head.starts, asked.get('at') ?? '')
  const step = Number.isNaN(days) ? last : scene.times.findLastIndex((time) => time <= days)
  return {
    step: Math.min(last, Math.max(0, step)),
    place: scene.places.findIndex((place) => place.id === asked.get('place')),
    sampled: scene.sampled.findIndex((one) => String(one.run) === asked.get('run')),
  }
}

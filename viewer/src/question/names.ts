// What readers call an uncertain number: what it is about, or failing that its name in words.
import { clause, readable } from '../shared/wording'
import type { Scene } from '../types/scene'

/** How much of a finding is shown: at a glance, all, or on paper what the glance leaves out. */
export type Show = 'brief' | 'full' | 'rest'

export function numberNamed(scene: Scene): (name: string) => string {
  const about = new Map(scene.parameters.map((one) => [one.name, one.about]))
  return (name) => clause(about.get(name) ?? '') || readable(name)
}

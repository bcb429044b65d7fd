// What readers call an uncertain number: what it is about, or failing that its name in words.
import { firstSentence, readable } from '../shared/wording'
import type { Scene } from '../types/scene'

export function numberNamed(scene: Scene): (name: string) => string {
  const about = new Map(scene.parameters.map((one) => [one.name, one.about]))
  return (name) => firstSentence(about.get(name) ?? '').replace(/\.$/, '') || readable(name)
}

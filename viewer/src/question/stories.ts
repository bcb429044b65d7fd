// A causal story as a list: each event with the sentence that tells of it.
import type { Story } from '../types/findings'

/** The sentences of a story that are of none of its events: those before the first that is of one, and the others. */
export function aroundEvents(story: Story): { before: string[]; after: string[] } {
  const own = new Set(story.events.map((event) => event.sentence))
  const first = story.sentences.findIndex((sentence) => own.has(sentence))
  const others = (sentences: string[]): string[] => sentences.filter((sentence) => !own.has(sentence))
  return first < 0 ? { before: story.sentences, after: [] } : { before: story.sentences.slice(0, first), after: others(story.sentences.slice(first)) }
}

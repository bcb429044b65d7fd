// A causal story as a list: each event with the sentence that tells of it.
import type { Story, Told } from '../types/findings'
import { dateWords } from '../shared/dates'

export interface ToldEvent {
  event: Told
  sentence: string
}

/** Sentences come in the order of the events, with some before and after that are of none. */
export function tellStory(story: Story): { before: string[]; events: ToldEvent[]; after: string[] } {
  const events: ToldEvent[] = []
  const before: string[] = []
  let next = 0
  for (const event of story.events) {
    // Sentences name other events too: the one that tells of this one begins with its day.
    const day = `On ${dateWords(event.date)}`
    const at = story.sentences.findIndex((sentence, i) => i >= next && sentence.startsWith(day) && sentence.includes(event.event))
    if (at < 0) {
      events.push({ event, sentence: '' })
      continue
    }
    before.push(...story.sentences.slice(next, at))
    events.push({ event, sentence: story.sentences[at] })
    next = at + 1
  }
  const rest = story.sentences.slice(next)
  return events.some((one) => one.sentence !== '') ? { before, events, after: rest } : { before: rest, events, after: [] }
}

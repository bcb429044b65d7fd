// One tab stop for a whole list: the arrow keys, Home, End, Page Up and Page Down and first letters move within it.
import type { Action } from 'svelte/action'

const PAGE = 10
const REST_MS = 700
const WITHIN: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: PAGE, PageUp: -PAGE, Home: -Infinity, End: Infinity }
/** Where the arrow keys are at home already. */
const OWN_KEYS = 'input, select, textarea'

/** `use:roving` on a list, whose links and buttons it is about, or whatever else a selector names, such as `'li'`. */
export const roving: Action<HTMLElement, string | undefined> = (list, selector = 'a, button') => {
  let items = selector
  let stop: HTMLElement | undefined
  let typed = ''
  let typedAt = 0

  const all = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>(items)]

  /** Make one item the tab stop: the one that was, or what is chosen, or the first. */
  function settle(wanted?: HTMLElement): void {
    const there = all()
    stop = [wanted, stop].find((one) => one && there.includes(one)) ?? there.find((one) => one.matches('[aria-current], [aria-selected=true], [aria-pressed=true]')) ?? there[0]
    for (const one of there) {
      const index = one === stop ? 0 : -1
      if (one.tabIndex !== index || !one.hasAttribute('tabindex')) one.tabIndex = index
    }
  }

  function to(item: HTMLElement | undefined): void {
    if (!item) return
    settle(item)
    item.focus({ preventScroll: true })
    item.scrollIntoView({ block: 'nearest' })
  }

  function byLetters(letter: string, there: HTMLElement[], at: number): HTMLElement | undefined {
    const now = performance.now()
    typed = now - typedAt < REST_MS ? typed + letter.toLowerCase() : letter.toLowerCase()
    typedAt = now
    // A word that is being typed may stay where it is; a first letter goes on to the next.
    const from = at + (typed.length > 1 ? 0 : 1)
    return [...there.slice(from), ...there.slice(0, from)].find((one) => one.textContent.trim().toLowerCase().startsWith(typed))
  }

  function press(event: KeyboardEvent): void {
    const target = event.target as HTMLElement
    if (event.altKey || event.ctrlKey || event.metaKey || target.closest(OWN_KEYS)) return
    const there = all()
    const at = there.findIndex((one) => one === target || one.contains(target))
    if (at < 0) return
    if (event.key in WITHIN) {
      event.preventDefault()
      to(there[Math.min(there.length - 1, Math.max(0, at + WITHIN[event.key]))])
    } else if (/^[\p{L}\p{N}]$/u.test(event.key)) to(byLetters(event.key, there, at))
  }

  const into = (event: FocusEvent): void => {
    const item = (event.target as HTMLElement).closest<HTMLElement>(items)
    if (item && list.contains(item)) settle(item)
  }
  const watch = new MutationObserver(() => settle())
  watch.observe(list, { childList: true, subtree: true })
  list.addEventListener('keydown', press)
  list.addEventListener('focusin', into)
  settle()
  return {
    update(changed = 'a, button') {
      items = changed
      settle()
    },
    destroy() {
      watch.disconnect()
      list.removeEventListener('keydown', press)
      list.removeEventListener('focusin', into)
    },
  }
}

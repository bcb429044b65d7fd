// Work that can wait until the page has nothing else to do.

/** Does something then, or soon in a browser that does not tell. */
export const whenIdle = (work: () => void): void => void ('requestIdleCallback' in globalThis ? requestIdleCallback(work) : setTimeout(work))

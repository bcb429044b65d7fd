// In the place of Svelte's own module: this page is never drawn on a server, so nothing is ever taken over from one.
// Svelte guards that by a variable, which no bundler can tell from one that changes; a constant, it can.
export const hydrating = false
export const hydrate_node = null
export const set_hydrating = () => {}
export const set_hydrate_node = (node) => node
export const hydrate_next = () => {}
export const reset = () => {}
export const hydrate_template = () => {}
export const next = () => {}
export const skip_nodes = (node) => node
export const read_hydration_instruction = () => ''

// Builds the page to one HTML file that the Python package carries.
// @ts-expect-error The types of Node are not installed for this line.
import { readdirSync } from 'node:fs'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'

// The class that ties a component's styles to it stands 4,000 times in the page, so it is as short as can be told apart:
// a capital and a letter, by the place of the component among all of them. Classes of our own have no capitals.
const files: string[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
const components = files.filter((name) => name.endsWith('.svelte')).sort()
function cssHash({ filename }: { filename: string }): string {
  const at = components.findIndex((name) => filename.endsWith(`src/${name}`))
  // What checks the page compiles a component of its own to see whether that works.
  if (at < 0) return 'none'
  if (at >= 26 * 36) throw new Error(`no class is left for the styles of ${filename}`)
  return String.fromCharCode(65 + Math.floor(at / 36)) + (at % 36).toString(36)
}

// Nothing here takes over markup of a server, is a custom element, nor uses the old or the asynchronous syntax. Svelte
// keeps switches for those in variables; as constants they let the bundler leave out all that hangs on them.
const SWITCHES = /export let (hydrating|async_mode_flag|legacy_mode_flag|tracing_mode_flag) = false/g
const SETTERS = /^\t(?:hydrating|\w+_mode_flag) = (?:value|true|false);$/gm
// The scene and the look are the same ones for as long as the page is open: passed on as values, not as getters.
const GETTERS = /get (scene|look)\(\) \{\s*return \$\$props\.\1;?\s*\}/g
const OLD_SLOTS = /,?\s*\$\$slots: \{ default: true \}/g
// Markup as short as HTML allows: no quotes where none are needed, and what stands open at the end closes by itself.
const MARKUP = /(\$\.from_(html|svg)\(`)([^`$]*)(`)/g
const shorter = (_: string, head: string, kind: string, text: string, tail: string): string => {
  const bare = text
    .replace(/<(br|hr|img|input)\b([^>]*)\/>/g, '<$1$2>')
    .replace(/="([\w.:#%,()-]+)"(?=[^<]*>)/g, '=$1')
    .replace(/<(path|circle|rect|line)\b([^>]*[^/>])?><\/\1>/g, (_all, name: string, rest = '') => `<${name}${rest}${/["\s]$/.test(rest) || !rest ? '' : ' '}/>`)
  return head + (kind === 'html' ? bare.replace(/(<\/[\w-]+>)+$/, '') : bare) + tail
}

function slim(code: string, id: string): string | null {
  if (/svelte\/src\/internal\/(client\/dom\/hydration|flags\/index)\.js$/.test(id)) {
    return code.replace(SWITCHES, 'export const $1 = false').replace(SETTERS, '')
  }
  if (id.endsWith('svelte/src/internal/client/dom/elements/custom-element.js')) return 'export const create_custom_element = null'
  if (id.endsWith('.svelte')) return code.replace(GETTERS, '$1: $$$$props.$1').replace(OLD_SLOTS, '').replace(MARKUP, shorter)
  return null
}
const slimmer = {
  name: 'slimmer',
  transform(code: string, id: string) {
    const fixed = slim(code, id)
    if (fixed === code && id.includes('/internal/')) throw new Error(`no switch stands in ${id}`)
    return fixed === null ? null : { code: fixed, map: null }
  },
}

export default defineConfig({
  base: './',
  plugins: [svelte({ configFile: false, compilerOptions: { cssHash, runes: true } }), slimmer, viteSingleFile()],
  build: { outDir: '../src/standoff/report/static', emptyOutDir: true, target: 'es2022', modulePreload: false },
})

// Builds the page to one HTML file that the Python package carries.
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type Plugin, type Rolldown } from 'vite'
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

// The styles of the page lie in it packed, as its data does: so they have a quarter of the size. src/types/held.ts unpacks
// both.
const packedStyle: Plugin = {
  name: 'packed-style',
  enforce: 'post',
  // After what puts all into one file.
  generateBundle: { order: 'post', handler: (_, bundle) => packStyle(bundle['index.html']) },
}
function packStyle(page: Rolldown.OutputAsset | Rolldown.OutputChunk | undefined): void {
  if (page?.type !== 'asset') throw new Error('there is no page whose styles could be packed')
  const html = String(page.source)
  const from = html.indexOf('<style rel="stylesheet"')
  const to = html.indexOf('</style>', from)
  if (from < 0 || html.includes('<style rel="stylesheet"', to)) throw new Error('the page should have its styles in one element')
  const packed = gzipSync(html.slice(html.indexOf('>', from) + 1, to), { level: 9 }).toString('base64')
  page.source = (html.slice(0, from) + html.slice(to + '</style>'.length)).replace('/*STANDOFF-STYLE*/', packed)
}

export default defineConfig({
  base: './',
  resolve: { alias: [{ find: /^\.\.?\/.*\bhydration\.js$/, replacement: resolve('tools/no-hydration.js') }] },
  plugins: [svelte({ configFile: false, compilerOptions: { cssHash, runes: true } }), viteSingleFile(), packedStyle],
  build: { outDir: '../src/standoff/report/static', emptyOutDir: true, target: 'es2022', modulePreload: false },
})

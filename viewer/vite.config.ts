// Builds the page to one HTML file that the Python package carries.
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

export default defineConfig({
  base: './',
  plugins: [svelte({ configFile: false, compilerOptions: { cssHash, runes: true } }), viteSingleFile()],
  build: { outDir: '../src/standoff/report/static', emptyOutDir: true, target: 'es2022', modulePreload: false },
})

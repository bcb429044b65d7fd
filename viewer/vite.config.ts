// Builds the page to one HTML file that the Python package carries.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'

// The class that ties a component's styles to it stands 1,500 times in the page, so it is as short as can be told apart.
const named = new Map<string, string>()
function cssHash({ hash, css, filename }: { hash: (text: string) => string; css: string; filename: string }): string {
  const short = `s${hash(css).slice(0, 3)}`
  if ((named.get(short) ?? filename) !== filename) throw new Error(`the styles of ${filename} and ${named.get(short)} have one class`)
  named.set(short, filename)
  return short
}

export default defineConfig({
  base: './',
  plugins: [svelte({ configFile: false, compilerOptions: { cssHash } }), viteSingleFile()],
  build: { outDir: '../src/standoff/report/static', emptyOutDir: true, target: 'es2022', modulePreload: false },
})

// Builds the page to one HTML file that the Python package carries.
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { viteSingleFile } from 'vite-plugin-singlefile'

export default defineConfig({
  base: './',
  plugins: [svelte({ configFile: false }), viteSingleFile()],
  build: { outDir: '../src/standoff/report/static', emptyOutDir: true, target: 'es2022', modulePreload: false },
})

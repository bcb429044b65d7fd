// Puts the page into its document.
import './app.css'
import { mount } from 'svelte'
import App from './App.svelte'
import Marks from './shared/Marks.svelte'
import { dressed, held } from './types/held'

const [page] = await Promise.all([held(), dressed()])
// Any other view than the brief needs all there is.
const whole = !['', '#', '#view=brief'].includes(location.hash)
if (whole) await page?.rest()
// Patterns belong to the document, as its stylesheet does: every drawing refers to them.
mount(Marks, { target: document.body })
mount(App, { target: document.getElementById('app')!, props: { page, whole } })

// Puts the page into its document.
import './app.css'
import { mount } from 'svelte'
import App from './App.svelte'
import Marks from './shared/Marks.svelte'
import { heldScene } from './types/held'

// Patterns belong to the document, as its stylesheet does: every drawing refers to them.
mount(Marks, { target: document.body })
mount(App, { target: document.getElementById('app')!, props: { scene: await heldScene() } })

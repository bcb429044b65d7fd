// Puts the page into its document.
import './app.css'
import { mount } from 'svelte'
import App from './App.svelte'
import { heldScene } from './types/held'

mount(App, { target: document.getElementById('app')!, props: { scene: await heldScene() } })

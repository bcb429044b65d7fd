// Written by tools/symbols.mjs from milsymbol (MIT, Copyright (c) 2017 Måns Beckman); do not edit.

/** Drawings in the units of milsymbol, in which (100, 100) is the middle of a frame. */
export interface Drawing {
  line?: string
  solid?: string
}

export const FRAMES = {
  'friend': {"path":"M25,50 l150,0 0,100 -150,0 z","left":25,"top":50,"right":175,"bottom":150},
  'hostile': {"path":"M 100,28 L172,100 100,172 28,100 100,28 Z","left":28,"top":28,"right":172,"bottom":172},
  'neutral': {"path":"M45,45 l110,0 0,110 -110,0 z","left":45,"top":45,"right":155,"bottom":155},
  'unknown': {"path":"M63,63 C63,20 137,20 137,63 C180,63 180,137 137,137 C137,180 63,180 63,137 C20,137 20,63 63,63 Z","left":30.75,"top":30.75,"right":169.25,"bottom":169.25},
}

export type Affiliation = keyof typeof FRAMES

/** The frames of ships: a friend's is round. */
export const SEA_FRAMES: typeof FRAMES = {
  'friend': {"path":"M40 100a60 60 0 1 1 120 0a60 60 0 1 1 -120 0z","left":40,"top":40,"right":160,"bottom":160},
  'hostile': {"path":"M100,28 L172,100 100,172 28,100 100,28 Z","left":28,"top":28,"right":172,"bottom":172},
  'neutral': {"path":"M45,45 l110,0 0,110 -110,0 z","left":45,"top":45,"right":155,"bottom":155},
  'unknown': {"path":"M63,63 C63,20 137,20 137,63 C180,63 180,137 137,137 C137,180 63,180 63,137 C20,137 20,63 63,63 Z","left":30.75,"top":30.75,"right":169.25,"bottom":169.25},
}

/** The drawing of a function; in each frame its own where they differ. */
export const ICONS: Record<string, Drawing & Partial<Record<Affiliation, Drawing>>> = {
  'infantry': {"friend":{"line":"M25,50 L175,150 M25,150 L175,50"},"hostile":{"line":"M60,70L140,130M60,130L140,70"},"neutral":{"line":"M45,45L155,155M45,155L155,45"},"unknown":{"line":"M50,65L150,135M50,135L150,65"}},
  'armour': {"line":"M125,80 C150,80 150,120 125,120 L75,120 C50,120 50,80 75,80 Z"},
  'combined-arms': {"line":"m 70,80 60,40 m 0,-40 -60,40 m 55,-40 c 25,0 25,40 0,40 l -50,0 C 50,120 50,80 75,80 z"},
  'irregular': {"friend":{"line":"M25,50 L175,150 M25,150 L175,50M106.6 125.1C103.6 119.6 92.7 119.6 92.7 131C92.7 142.4 106.6 143.2 106.6 132L100.7 132"},"hostile":{"line":"M60,70L140,130M60,130L140,70M106.6 125.1C103.6 119.6 92.7 119.6 92.7 131C92.7 142.4 106.6 143.2 106.6 132L100.7 132"},"neutral":{"line":"M45,45L155,155M45,155L155,45M106.6 125.1C103.6 119.6 92.7 119.6 92.7 131C92.7 142.4 106.6 143.2 106.6 132L100.7 132"},"unknown":{"line":"M50,65L150,135M50,135L150,65M106.6 125.1C103.6 119.6 92.7 119.6 92.7 131C92.7 142.4 106.6 143.2 106.6 132L100.7 132"}},
  'special-operations': {"line":"M79.5 91.3C76.4 85.3 61.8 83.6 61.8 93.7C61.8 103.3 79.5 97.3 79.5 106.6C79.5 116.4 64.3 115 60.2 108.2M100 86.4C112.2 86.4 112.2 113.7 100 113.7C87.8 113.7 87.8 86.4 100 86.4ZM121.5 113.7L121.5 86.4L138.8 86.4M121.5 99.5L135.7 99.5"},
  'air-defence': {"friend":{"line":"M25,150 C25,110 175,110 175,150"},"hostile":{"line":"M70,140 C70,115 130,115 130,140"},"neutral":{"line":"M45,150 C45,110 155,110 155,150"},"unknown":{"line":"m 55,135 c 10,-20 80,-20 90,0"}},
  'aviation': {"solid":"m 100,100 15.7,7.9 c 11.8,0 11.8,-15.7 0,-15.7 z m 0,0 -15.7,-7.9 c -11.8,0 -11.8,15.7 0,15.7 z m -10,-20 10,20 -10,20 20,0 -10,-20 10,-20 z"},
}

export const SHIPS: typeof ICONS = {
  'warships': {"solid":"m 100,120 -25,-17 15,2 0,-10 5,0 0,-5 -15,0 0,-5 15,0 0,-5 10,0 0,5 15,0 0,5 -15,0 0,5 5,0 0,10 15,-2 z"},
  'patrol-boats': {"line":"m 80,100 20,20 20,-20 -10,0 0,-20 -20,0 0,20 z"},
}

/** Marks of size, over the frame of a friend. */
export const ECHELONS: Record<string, Drawing> = {
  'team': {"line":"M85 30a15 15 0 1 1 30 0a15 15 0 1 1 -30 0zM80,40L120,20"},
  'squad': {"solid":"M92.5 30a7.5 7.5 0 1 1 15 0a7.5 7.5 0 1 1 -15 0z"},
  'platoon': {"solid":"M92.5 30a7.5 7.5 0 1 1 15 0a7.5 7.5 0 1 1 -15 0zM62.5 30a7.5 7.5 0 1 1 15 0a7.5 7.5 0 1 1 -15 0zM122.5 30a7.5 7.5 0 1 1 15 0a7.5 7.5 0 1 1 -15 0z"},
  'company': {"line":"M100,40L100,15"},
  'battalion': {"line":"M90,40L90,15M110,40L110,15"},
  'regiment': {"line":"M100,40L100,15M120,40L120,15M80,40L80,15"},
  'brigade': {"line":"M87.5,40 l25,-25 m0,25 l-25,-25"},
  'division': {"line":"M70,40 l25,-25 m0,25 l-25,-25   M105,40 l25,-25 m0,25 l-25,-25"},
}

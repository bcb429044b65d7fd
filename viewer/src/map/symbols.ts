// Written by tools/symbols.mjs from milsymbol (MIT, Copyright (c) 2017 Måns Beckman); do not edit.

/** Drawings in the units of milsymbol, in which (100, 100) is the middle of a frame; texts stand about x = 100. */
export interface Drawing {
  line?: string
  solid?: string
  text?: { says: string; y: number; size: number }
}

export const FRAMES = {
  'friend': {"path":"M25,50 l150,0 0,100 -150,0 z","left":25,"top":50,"right":175,"bottom":150},
  'hostile': {"path":"M 100,28 L172,100 100,172 28,100 100,28 Z","left":28,"top":28,"right":172,"bottom":172},
  'neutral': {"path":"M45,45 l110,0 0,110 -110,0 z","left":45,"top":45,"right":155,"bottom":155},
  'unknown': {"path":"M63,63 C63,20 137,20 137,63 C180,63 180,137 137,137 C137,180 63,180 63,137 C20,137 20,63 63,63 Z","left":30.75,"top":30.75,"right":169.25,"bottom":169.25},
}

export type Standing = keyof typeof FRAMES

export const ICONS: Record<string, Record<Standing, Drawing>> = {
  'infantry': {"friend":{"line":"M25,50 L175,150 M25,150 L175,50"},"hostile":{"line":"M60,70L140,130M60,130L140,70"},"neutral":{"line":"M45,45L155,155M45,155L155,45"},"unknown":{"line":"M50,65L150,135M50,135L150,65"}},
  'armour': {"friend":{"line":"M125,80 C150,80 150,120 125,120 L75,120 C50,120 50,80 75,80 Z"},"hostile":{"line":"M125,80 C150,80 150,120 125,120 L75,120 C50,120 50,80 75,80 Z"},"neutral":{"line":"M125,80 C150,80 150,120 125,120 L75,120 C50,120 50,80 75,80 Z"},"unknown":{"line":"M125,80 C150,80 150,120 125,120 L75,120 C50,120 50,80 75,80 Z"}},
  'combined-arms': {"friend":{"line":"m 70,80 60,40 m 0,-40 -60,40 m 55,-40 c 25,0 25,40 0,40 l -50,0 C 50,120 50,80 75,80 z"},"hostile":{"line":"m 70,80 60,40 m 0,-40 -60,40 m 55,-40 c 25,0 25,40 0,40 l -50,0 C 50,120 50,80 75,80 z"},"neutral":{"line":"m 70,80 60,40 m 0,-40 -60,40 m 55,-40 c 25,0 25,40 0,40 l -50,0 C 50,120 50,80 75,80 z"},"unknown":{"line":"m 70,80 60,40 m 0,-40 -60,40 m 55,-40 c 25,0 25,40 0,40 l -50,0 C 50,120 50,80 75,80 z"}},
  'irregular': {"friend":{"line":"M25,50 L175,150 M25,150 L175,50","text":{"says":"G","y":143,"size":28}},"hostile":{"line":"M60,70L140,130M60,130L140,70","text":{"says":"G","y":143,"size":28}},"neutral":{"line":"M45,45L155,155M45,155L155,45","text":{"says":"G","y":143,"size":28}},"unknown":{"line":"M50,65L150,135M50,135L150,65","text":{"says":"G","y":143,"size":28}}},
  'special-operations': {"friend":{"text":{"says":"SOF","y":115,"size":39}},"hostile":{"text":{"says":"SOF","y":115,"size":39}},"neutral":{"text":{"says":"SOF","y":115,"size":39}},"unknown":{"text":{"says":"SOF","y":115,"size":39}}},
  'air-defence': {"friend":{"line":"M25,150 C25,110 175,110 175,150"},"hostile":{"line":"M70,140 C70,115 130,115 130,140"},"neutral":{"line":"M45,150 C45,110 155,110 155,150"},"unknown":{"line":"m 55,135 c 10,-20 80,-20 90,0"}},
  'aviation': {"friend":{"solid":"m 100,100 15.7,7.9 c 11.8,0 11.8,-15.7 0,-15.7 z m 0,0 -15.7,-7.9 c -11.8,0 -11.8,15.7 0,15.7 z m -10,-20 10,20 -10,20 20,0 -10,-20 10,-20 z"},"hostile":{"solid":"m 100,100 15.7,7.9 c 11.8,0 11.8,-15.7 0,-15.7 z m 0,0 -15.7,-7.9 c -11.8,0 -11.8,15.7 0,15.7 z m -10,-20 10,20 -10,20 20,0 -10,-20 10,-20 z"},"neutral":{"solid":"m 100,100 15.7,7.9 c 11.8,0 11.8,-15.7 0,-15.7 z m 0,0 -15.7,-7.9 c -11.8,0 -11.8,15.7 0,15.7 z m -10,-20 10,20 -10,20 20,0 -10,-20 10,-20 z"},"unknown":{"solid":"m 100,100 15.7,7.9 c 11.8,0 11.8,-15.7 0,-15.7 z m 0,0 -15.7,-7.9 c -11.8,0 -11.8,15.7 0,15.7 z m -10,-20 10,20 -10,20 20,0 -10,-20 10,-20 z"}},
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

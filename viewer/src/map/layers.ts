// The layers of the map that can be shown or hidden.
export const ALL = { control: true, forces: true, corridors: true, recorded: true, routes: false }

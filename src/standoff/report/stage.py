"""Types of the stage: who is there and where, which does not change; a page gets it once, and frames as they come.

Points are longitude and latitude in degrees, as GeoJSON has them. Places, zones and corridors are named by their
positions in the lists of the stage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
"""Longitude and latitude in degrees."""

Spot = tuple[int, int]
"""Right and down in units of `Ground`."""

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees; east is above 180 where the box lies across the date line."""


@dataclass(slots=True)
class Actor:
    """An actor or another possible holder of a place."""

    id: str
    name: str
    kind: str
    colour: str
    """`#rrggbb`; the author's where given, else from a colour-blind-safe palette."""
    about: str
    symbol: str
    """The function in its symbol of a unit; the author's where given, else made from its kind."""
    patron: str
    """Whom it depends on, by its own declaration; empty for nobody."""
    mark: str
    """The pattern over its colour, which tells holders apart without hues; empty for none."""


@dataclass(slots=True)
class Place:
    """A place; `at` is None where the author gave no coordinates."""

    id: str
    name: str
    at: Point | None
    kind: str
    country: str
    about: str


@dataclass(slots=True)
class Route:
    """A road between two places; one that is `one_way` leads only from its first end to its second."""

    ends: tuple[int, int]
    km: float | None
    along: str
    one_way: bool = False


@dataclass(slots=True)
class Ring:
    """One radius that a zone has in some of the runs."""

    km: float
    runs: int | None
    """Runs in which the radius is this one; None for a quantile of a continuous prior."""
    says: str
    """`fixed`, the parameter's name, or which quantile it is."""


@dataclass(slots=True)
class Zone:
    """A zone with the rings its radius can take, or its named places and perhaps their outline."""

    id: str
    name: str
    centre: int | None
    places: list[int]
    holder: str
    excludes: list[str]
    rings: list[Ring]
    area: list[list[list[Point]]]
    """Polygons, each with its outer ring first and then its holes; longitudes do not jump at the date line."""


@dataclass(slots=True)
class Corridor:
    """A path that must be in friendly hands from end to end."""

    id: str
    name: str
    ends: tuple[int, int]
    paths: list[list[int]]
    """The named paths; none where any path of roads counts."""
    any_path: bool
    friendly: list[str]
    """Ids of the actors whose holding keeps it open; the empty id for nobody."""


@dataclass(slots=True)
class Chart:
    """A watched number that is drawn along time."""

    watch: str
    index: list[str]
    label: str
    unit: str


@dataclass(slots=True)
class Plane:
    """How a sheet is flat: Lambert's conformal `cone`, Mercator's `cylinder`, or a `grid` of equal degrees.

    A point of the plane lies x to the right of the middle meridian and y down. Of a cone
    y, x = r cos(na), r sin(na) with r = scale / tan(45 degrees + lat/2)^n, n = `cone`, a the longitude from the middle.
    """

    shape: Literal["cone", "cylinder", "grid"]
    middle: float
    """The meridian in the middle, in degrees."""
    cone: float
    scale: float


@dataclass(slots=True)
class Land:
    """Something on the ground; its path is SVG's, in units of `Ground`, with steps from point to point."""

    kind: str
    name: str
    path: str
    label: Spot | None
    """Where its name goes; None where too little of it is on the sheet."""


@dataclass(slots=True)
class Ground:
    """What lies under a sheet, in the plane of the sheet."""

    left: float
    top: float
    unit: float
    """`left` and `top` are where units count from, and `unit` how long one is, in the plane."""
    known: str
    """All of the Earth as far as it is on the sheet, as a path: a plane ends at the back of it."""
    degrees: str
    """Meridians and parallels, as a path, on a sheet that is very large or shows hardly any land; else empty."""
    lands: list[Land]


@dataclass(slots=True)
class Relief:
    """Hills and valleys of a window of the world, where they are bundled."""

    window: Box
    picture: str
    """A grey picture as a data: address; 128 is flat ground."""


@dataclass(slots=True)
class Sheet:
    """One map: which places it shows, framed by `frame`, how it is flat, and the ground under it."""

    places: list[int]
    frame: Box
    """The smallest box around its places; a larger one where they stand on one spot or close together."""
    plane: Plane
    ground: Ground


@dataclass(slots=True)
class Stage:
    """Everything that stays as it is while time passes."""

    starts: str
    """First day, ISO 8601; day 0 of all times."""
    ends: str
    days: float
    times: list[float]
    """Days since the start at which readings are taken."""
    actors: list[Actor]
    names: dict[str, str]
    """Readable names of all entities by id."""
    places: list[Place]
    routes: list[Route]
    zones: list[Zone]
    corridors: list[Corridor]
    charts: list[Chart]
    watched: bool
    """Whether anything has a course through time: a number, who holds a place, a stance or a level."""
    force_unit: str
    """What the forces of holders are counted in; empty where that is not said."""
    sheets: list[Sheet]
    """The map to begin with, then a wider one where places lie beyond it; none where no place has coordinates."""
    relief: Relief | None

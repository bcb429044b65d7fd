"""Zones as the runs draw them: the rings of the page, and the radius in each run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from standoff.geography import Area, thinned
from standoff.report.background import WrittenZone
from standoff.report.stage import Point, Ring, Zone

FEW_RADII = 6
STEP = 2.0
"""Degrees between corners at most: an edge that is straight in longitude and latitude is bent on the sheet."""

Floats = NDArray[np.float64]


def zones(written: Iterable[WrittenZone], drawn: Mapping[str, Floats]) -> list[Zone]:
    """All zones with their rings; `drawn` holds the values of each parameter over the runs."""
    return [replace(one.zone, rings=[] if one.radius is None else _rings(one.radius, drawn)) for one in written]


def outline(area: Area, most: int) -> list[list[list[Point]]]:
    """The outline of a zone as longitudes and latitudes, with so many corners at most but for those that bend it."""
    return [[_bent([(lon, lat) for lat, lon in ring]) for ring in polygon] for polygon in thinned(area, max(12, most))]


def _bent(ring: list[Point]) -> list[Point]:
    bent: list[Point] = []
    for (a, b), (c, d) in zip(ring, [*ring[1:], ring[0]], strict=True):
        steps = max(1, math.ceil(max(abs(c - a), abs(d - b)) / STEP))
        bent += [(round(a + (c - a) * i / steps, 5), round(b + (d - b) * i / steps, 5)) for i in range(steps)]
    return bent


def radii(written: Iterable[WrittenZone], drawn: Mapping[str, Floats], runs: int) -> list[Floats | None]:
    """The radius of each zone in each run, in km; None where it has none, or one that no number or parameter tells."""
    return [None if one.radius is None else _radius(one.radius, drawn, runs) for one in written]


def _radius(radius: str, drawn: Mapping[str, Floats], runs: int) -> Floats | None:
    try:
        return np.full(runs, float(radius))
    except ValueError:
        # An expression of several parameters has no value here: no single circle would be true of the runs.
        return drawn.get(radius.strip())


def _rings(radius: str, drawn: Mapping[str, Floats]) -> list[Ring]:
    try:
        return [Ring(km=float(radius), runs=None, says="fixed")]
    except ValueError:
        pass
    values = drawn.get(radius.strip())
    if values is None or values.size == 0:
        return []
    counts = Counter(values.tolist())
    if len(counts) <= FEW_RADII:
        return [Ring(km=km, runs=runs, says=radius.strip()) for km, runs in sorted(counts.items())]
    quantiles = np.quantile(values, [0.05, 0.5, 0.95])
    says = ("5% of runs are smaller", "median", "5% of runs are larger")
    return [Ring(km=float(km), runs=None, says=text) for km, text in zip(quantiles, says, strict=True)]

"""Zones as the runs draw them: the rings of the page, and the radius in each run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from standoff.report.background import WrittenZone
from standoff.report.stage import Ring, Zone

FEW_RADII = 6

Floats = NDArray[np.float64]


def zones(written: Iterable[WrittenZone], drawn: Mapping[str, Floats]) -> list[Zone]:
    """All zones with their rings; `drawn` holds the values of each parameter over the runs."""
    return [replace(one.zone, rings=[] if one.radius is None else _rings(one.radius, drawn)) for one in written]


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

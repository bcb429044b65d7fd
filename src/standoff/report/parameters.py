"""The ledger of uncertain numbers: what each prior means, what was drawn from it, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.report.background import WrittenParameter
from standoff.report.scenario_browser import Evidence
from standoff.report.scene import Parameter

if TYPE_CHECKING:
    from standoff.ensemble import ParameterEntry

STEPS = 20
"""As many as a picture of a finger's width can tell apart."""


def ledger(
    entries: Iterable[ParameterEntry],
    written: Mapping[str, WrittenParameter],
    drawn: Mapping[str, NDArray[np.float64]],
) -> list[Parameter]:
    """One line for each parameter, in the order of the manifest."""
    return [_parameter(entry, written[entry.name], drawn.get(entry.name)) for entry in entries]


def _parameter(entry: ParameterEntry, written: WrittenParameter, values: NDArray[np.float64] | None) -> Parameter:
    grounds = [Evidence(locator=locator, says="", hindsight=False, contradicts=False) for locator in entry.evidence]
    there = values is not None and values.size > 0
    low, high = np.quantile(values, [0.05, 0.95]).tolist() if values is not None and there else (None, None)
    logarithmic = written.kind in ("lognormal", "loguniform", "logquantiles")
    drawn = _counted(values, logarithmic) if values is not None and there else []
    return Parameter(
        name=entry.name,
        unit=entry.unit or "",
        prior=entry.prior,
        words=written.words,
        logarithmic=logarithmic,
        fixed=written.kind == "fixed",
        declared=written.declared,
        about=entry.about,
        mean=float(np.mean(values)) if values is not None and there else None,
        low=low,
        high=high,
        least=float(np.min(values)) if values is not None and drawn else None,
        most=float(np.max(values)) if values is not None and drawn else None,
        drawn=drawn,
        assumption=entry.assumption,
        hindsight=entry.hindsight,
        evidence=written.evidence if written.declared else grounds,
    )


def _counted(values: NDArray[np.float64], logarithmic: bool) -> list[int]:
    """How many values fall into each of `STEPS` equal steps; none where all are the same or one is not finite."""
    spread = np.log(values) if logarithmic and np.all(values > 0) else values
    if not np.all(np.isfinite(spread)) or np.ptp(spread) == 0:
        return []
    counts: list[int] = np.histogram(spread, bins=STEPS)[0].tolist()
    return counts

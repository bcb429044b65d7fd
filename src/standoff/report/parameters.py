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
    return Parameter(
        name=entry.name,
        unit=entry.unit or "",
        prior=entry.prior,
        words=written.words,
        logarithmic=written.kind in ("lognormal", "loguniform"),
        fixed=written.kind == "fixed",
        declared=written.declared,
        about=entry.about,
        mean=float(np.mean(values)) if values is not None and there else None,
        low=low,
        high=high,
        assumption=entry.assumption,
        hindsight=entry.hindsight,
        evidence=written.evidence if written.declared else grounds,
    )

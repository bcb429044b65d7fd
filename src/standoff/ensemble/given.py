"""Parameters of runs that the caller gives as a table, in place of draws from the priors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from standoff.engine import draw_parameters
from standoff.ensemble.manifest import GivenEntry
from standoff.ensemble.tables import column_names
from standoff.errors import UsageError, refuse_unknown

if TYPE_CHECKING:
    import polars as pl

    from standoff.model import Model
    from standoff.scenario import Scenario

ParameterTable: TypeAlias = "NDArray[Any] | Mapping[str, ArrayLike] | pl.DataFrame"
"""An array (runs, parameters), or columns by name as `Ensemble.parameters` has them: those left out are drawn."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GivenParameters:
    """A row for each run: `values` (runs, names) of the parameters `names`, at `columns` of the model's parameters."""

    names: tuple[str, ...]
    columns: NDArray[np.int64]
    values: Floats

    @property
    def entry(self) -> GivenEntry:
        """What the manifest says of the table; its digest is over the names of the parameters and all their values."""
        total = hashlib.blake2b(json.dumps([self.names, self.values.shape]).encode(), digest_size=16)
        total.update(self.values.tobytes())
        return GivenEntry(self.names, total.hexdigest())

    def rows(self, model: Model, *, seed: int, runs: NDArray[np.int64]) -> Floats:
        """All parameters of some runs, (runs, parameters): those that are not given are drawn from their priors."""
        values = draw_parameters(model, seed=seed, runs=runs)
        values[:, self.columns] = self.values[runs]
        return values


def read_given(table: ParameterTable, scenario: Scenario, *, runs: int) -> GivenParameters:
    """Read a table of parameters for so many runs; raises UsageError where it does not fit the scenario.

    A value must be one that the prior can give, because what bounds the rates of the model is worked out from that.
    """
    from standoff.scenario import support

    priors = {str(name): parameter.prior for name, parameter in scenario.resolved.parameters.items()}
    columns = dict(zip(column_names(["run"], priors), priors, strict=True))
    given = _by_name(table, list(columns), runs)
    refuse_unknown(given, columns, found="the table of parameters has a column '{}'", what="parameters")
    for name, values in given.items():
        low, high = support(priors[columns[name]])
        outside = np.flatnonzero(~(np.isfinite(values) & (values >= low) & (values <= high)))
        if len(outside):
            value, run = values[outside[0]], outside[0]
            raise UsageError(
                f"parameter '{columns[name]}' of run {run} is {value:g}, but its prior goes from {low:g} to {high:g}"
            )
    if not given:
        raise UsageError("the table of parameters has no column of a parameter")
    where = np.array([i for i, name in enumerate(columns) if name in given], dtype=np.int64)
    names = [name for name in columns if name in given]
    values = np.column_stack([given[name] for name in names])
    return GivenParameters(tuple(columns[name] for name in names), where, values)


def _by_name(table: ParameterTable, names: list[str], runs: int) -> dict[str, Floats]:
    """The columns of a table of parameters by name, each (runs,), without that of the numbers of the runs."""
    if hasattr(table, "collect"):
        raise UsageError("the table of parameters is a query of polars that was not made yet: collect() it")
    if isinstance(table, Mapping):
        columns = dict(table)
    elif not isinstance(table, np.ndarray) and hasattr(table, "columns"):
        columns = {name: table[name] for name in table.columns}
    else:
        values = _numbers(table, "the table of parameters")
        if values.shape != (runs, len(names)):
            raise UsageError(
                f"the table of parameters has the shape {values.shape}, not (runs, parameters) = {(runs, len(names))}"
            )
        return {name: values[:, i] for i, name in enumerate(names)}
    given = {
        str(name): _numbers(column, f"the column '{name}' of the table of parameters")
        for name, column in columns.items()
    }
    for name, values in given.items():
        if values.shape != (runs,):
            raise UsageError(
                f"the column '{name}' of the table of parameters has the shape {values.shape}, not (runs,) = {(runs,)}"
            )
    if not np.array_equal(given.pop("run", np.arange(runs)), np.arange(runs)):
        raise UsageError(f"the column 'run' of the table of parameters must count the runs from 0 to {runs - 1}")
    return given


def _numbers(values: Any, what: str) -> Floats:
    try:
        if np.ma.is_masked(values):
            raise ValueError("some are masked")
        if (kind := np.asarray(values).dtype).kind not in "biufO":
            raise ValueError(f"they are of the type {kind}")
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise UsageError(f"{what} must hold numbers alone: {error}") from None

"""Who decides each ground rule: fixed for each binding, so that it is known before a run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from standoff.model.constants import Constants
from standoff.model.frame import Operands
from standoff.model.tables import Model
from standoff.scenario import resolved as res


def deciders_of(resolved: res.Resolved, model: Model) -> NDArray[np.int32]:
    """The actor who decides each ground rule, by its position among the actors; -1 for nobody: (ground rules,)."""
    constants = Constants(resolved, Operands())
    found = np.full(model.ground_rules, -1, dtype=np.int32)
    tables = {table.name: table for table in model.rules}
    for rule in resolved.rules:
        if rule.decides is None:
            continue
        table = tables[rule.name]
        columns = {name: table.bindings[:, i].astype(np.int64) for i, (name, _) in enumerate(table.variables)}
        rows = len(table.bindings)
        found[table.first : table.first + rows] = constants.evaluate(rule.decides, columns, rows).astype(np.int32)
    return found

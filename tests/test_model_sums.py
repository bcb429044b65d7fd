"""Sums are added in one order and one way everywhere, whatever the version of Python."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from standoff.engine import prepare, reference_run, run
from standoff.model import Model

SOURCE = Path(__file__).resolve().parent.parent / "src" / "standoff"
WELLS = """
kinds: {well: {members: {WELLS}}}
state: {y: {}}
rules:
  drill: {rate: "0.05 * sum(w.oil for w in well)", then: [y = 0]}
questions:
  fixed: {ask: As a fixed fact, number: "sum(w.oil for w in well) - 1", at: 2020-04-08}
  moving: {ask: With a state in it that is 0, number: "sum(w.oil + y for w in well) - 1", at: 2020-04-08}
  whole: {ask: Are the wells a whole one?, when: "sum(w.oil for w in well) >= 1", at: 2020-04-08}
""".replace("WELLS", ", ".join(f"w{i}: {{attributes: {{oil: 0.1}}}}" for i in range(10)))


def test_a_sum_of_fixed_facts_is_added_as_the_engine_adds(model_of: Callable[[str], Model]) -> None:
    """Ten tenths, left to right, are the double below 1; Python 3.12's sum() would say 1."""
    model = model_of(WELLS)
    below = np.nextafter(1.0, 0.0) - 1.0
    for made in (run(prepare(model), seed=1, run=0), reference_run(model, seed=1, run=0)):
        assert made.answers.tolist() == [below, below, 0.0]


def added_as_python_pleases(path: Path) -> list[str]:
    """Calls of sum() whose terms are not plainly whole numbers, in files on which numbers of runs depend."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [
        node for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sum"
    ]  # fmt: skip
    return [f"{path.name}: {ast.unparse(call)}" for call in calls]


@pytest.mark.parametrize("room", ["model", "engine"])
def test_the_rooms_that_make_runs_use_no_sum_of_floats(room: str) -> None:
    """sum() over floats is compensated from Python 3.12 on; what stays here counts."""
    counts = {
        "bounds.py: sum(map(_size, tree.children(node)))",
        "graph.py: sum((part.table.rows for part in grounded))",
        "graph.py: sum((len(share.row) for share in shares))",
        "leaves.py: sum((len(members) for members in leaves.values()))",
        "state.py: sum(sums)",
        "streams.py: sum((self.uniform() < probability for _ in range(int(trials))))",
    }
    found = {call for path in (SOURCE / room).glob("*.py") for call in added_as_python_pleases(path)}
    assert found <= counts

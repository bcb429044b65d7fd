"""How likely a right engine fails `make verify`: every statistical test says its part, and this adds them up.

A test is marked `statistical(false_alarm=p)`, where p is the probability that it fails, in any of its cases, though the
engine is right; 0 where it compares exactly what it compares. No p depends on how many runs are made: with
STANDOFF_VERIFY=10 the samples grow and the effects that are seen shrink, while the level of each comparison stays. So
the sum below holds for the default suite and for `make verify` alike. That the parts may simply be added, however the
samples depend on one another, is Boole's inequality.

| where | what keeps its level |
| --- | --- |
| test_conformance_exact | normal quantile at 1e-7 over all comparisons, and a factor of ten in hand |
| test_memories | Massart's bound for distances; normal quantile at a tenth of the level for the rest |
| test_samplers | Wei and Dudley's bound for two samples; Chernoff's bound for correlations |
| test_words_drawn | Massart's bound for distances, Hoeffding's and Azuma's for sums |
| others | so many standard errors, as each says |
"""

from __future__ import annotations

import ast
import math
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from standoff.scenario.expression.names import DRAWS
from standoff.scenario.resolving.elicited import FORMS
from standoff.scenario.resolving.priors import ARGUMENTS

HERE = Path(__file__).resolve().parent
TOTAL = 1e-4
EACH = 1e-5


def marked(path: Path) -> bool:
    """Whether a file speaks of the marker, so that files without it need not be imported."""
    text = path.read_text(encoding="utf-8")
    # To parse every file takes a second.
    return "statistical" in text and any(
        isinstance(node, ast.Attribute) and node.attr == "statistical" for node in ast.walk(ast.parse(text))
    )


@cache
def stated() -> dict[str, float | None]:
    """Every statistical test with the rate that it states; those of a file that skips itself have none to fail."""
    found: dict[str, float | None] = {}
    for path in sorted(HERE.glob("test_*.py")):
        if path == Path(__file__).resolve() or not marked(path):
            continue
        try:
            module = import_module(f"tests.{path.stem}")
        except pytest.skip.Exception:
            continue
        for name, thing in vars(module).items():
            marks = [mark for mark in getattr(thing, "pytestmark", ()) if mark.name == "statistical"]
            if name.startswith("test_") and marks:
                found[f"{path.name}::{name}"] = marks[0].kwargs.get("false_alarm")
    return found


def complaints(rates: dict[str, float | None]) -> list[str]:
    """The tests that state no rate or too high a one, and the sum if it is too high."""
    wrong = [f"{name} states {rate}" for name, rate in rates.items() if rate is None or not 0 <= rate <= EACH]
    total = math.fsum(rate or 0.0 for rate in rates.values())
    return wrong if total < TOTAL else [*wrong, f"{total:.1e} in all"]


def test_all_false_alarms_together_are_stated_and_rare() -> None:
    rates = stated()
    assert len(rates) >= 10
    assert complaints(rates) == [], "mark it statistical(false_alarm=...), 0 where nothing is left to chance"


def test_whatever_draws_is_listed_with_a_statistical_test_that_is_there() -> None:
    page = (HERE.parent / "docs" / "verification.md").read_text(encoding="utf-8")
    table = page.partition("## What draws")[2].partition("\n## ")[0]
    words = set(re.findall(r"[a-z]+", table))
    assert {*DRAWS, *ARGUMENTS, *FORMS, "choice", "jitter", "correlates", "seen", "willing", "takes"} <= words
    told = set(re.findall(r"`(test_\w+)`", table))
    assert len(told) >= 20 and told <= {name.partition("::")[2] for name in stated()}


@pytest.mark.parametrize("rates", [{"a": 1e-6, "b": None}, {"a": 2e-5}, {f"test {i}": 1e-5 for i in range(11)}])
def test_a_rate_that_is_missing_or_too_high_is_noticed(rates: dict[str, float | None]) -> None:
    assert len(complaints(rates)) == 1

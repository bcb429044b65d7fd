"""Which cases of a test always run and which are slow proofs; the theatre's scenarios, each loaded once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from standoff.scenario import Scenario, bundled, load

ALWAYS = "eastern-syria-2017-v2"
"""The bundled scenario that is taken where one has to do, so that it is made and compiled once for all tests."""


THEATRE = bundled("theatre")
"""The dated scenarios of the theatre, which are large; tests/test_gallery.py has those of other shelves."""


def first_of(cases: Iterable[Any]) -> list[Any]:
    """The first of the cases, and the others as slow proofs; a case that is a tuple has several arguments."""
    first, *others = cases
    each = [other if isinstance(other, tuple) else (other,) for other in others]
    return [first, *(pytest.param(*other, marks=pytest.mark.slow) for other in each)]


def each_bundled(instead: Path | None = None) -> list[Any]:
    """The scenarios of the theatre as slow proofs; `ALWAYS`, or a small one instead, for whenever tests run."""
    if instead is not None:
        return first_of([pytest.param(str(instead), id=instead.stem), *THEATRE])
    return first_of(sorted(THEATRE, key=lambda name: name != ALWAYS))


@cache
def dated(year: int) -> Scenario:
    """The bundled scenario of a year, read and resolved once in a process: for tests that do not change where it is."""
    return load(f"eastern-syria-{year}")

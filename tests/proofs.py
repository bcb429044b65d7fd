"""Which cases of a test always run and which are slow proofs; scenarios that many tests read, each read once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from standoff.model import Model, ground
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


def scenario_at(path: Path) -> Scenario:
    """A scenario of `conformance`, read once in a process: nobody changes it, nor the file."""
    return _named(str(path))


def model_at(path: Path) -> Model:
    """Its model, as it was read, grounded once in a process."""
    return model_of_name(str(path))


@cache
def _named(name: str) -> Scenario:
    return load(name)


@cache
def model_of_name(name: str) -> Model:
    """The model of a bundled scenario, or of a file, as it was read, grounded once in a process."""
    return ground(_named(name).as_read)

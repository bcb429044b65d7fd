"""What several test files need: a scenario from a text."""

from collections.abc import Callable
from pathlib import Path

import pytest

from standoff.model import Model, ground
from standoff.scenario import load

HEAD = """\
standoff: 1
title: a test
starts: 2020-01-01
ends: 2020-04-09
"""


@pytest.fixture
def model_of(tmp_path: Path) -> Callable[[str], Model]:
    """A model from the body of a scenario; it runs for 100 days from 2020-01-01."""

    def make(body: str, head: str = HEAD) -> Model:
        path = tmp_path / "scenario.yaml"
        path.write_text(head + body, encoding="utf-8")
        return ground(load(path).resolved)

    return make

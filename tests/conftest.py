"""What all tests share: the package under test is this checkout's, examples repeat, and a model comes from a text."""

from __future__ import annotations

import gc
import hashlib
import os
import signal
from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer.main
import typer.testing
from hypothesis import Phase, settings

import standoff
from hatch_build import kernel_digest
from standoff.model import Model, ground
from standoff.report.build import scene
from standoff.report.scene import Scene
from standoff.scenario import load
from tests.browsing import Opened, chromium

ROOT = Path(__file__).resolve().parent.parent
HEAD = """\
standoff: 1
title: a test
starts: 2020-01-01
ends: 2020-04-09
"""

# The same examples each time and no clock, so that a red run is red again; `make verify` looks further afield.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink)
settings.register_profile("same", derandomize=True, deadline=None, phases=PHASES)
settings.register_profile("search", derandomize=False, deadline=None, max_examples=1000, phases=PHASES)
settings.load_profile("search" if os.environ.get("STANDOFF_VERIFY") else "same")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """What a test makes of SIGTERM, as a benchmark's command does for its process, is no other test's."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    if signal.getsignal(signal.SIGTERM) is not before:
        signal.signal(signal.SIGTERM, before)


def digest_of(package: Path) -> str:
    """One digest over the Python and YAML files of an installed or checked-out package."""
    total = hashlib.sha256()
    for path in sorted(path for path in package.rglob("*") if path.suffix in {".py", ".yaml"}):
        total.update(path.relative_to(package).as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to test an installed package that is older than this checkout: it would answer for another package."""
    # What tests keep goes beside the rest of what pytest keeps: it would push a developer's own out of the cache.
    os.environ.setdefault("STANDOFF_CACHE", str(ROOT / ".pytest_cache" / "standoff"))
    found = find_spec("standoff")
    if found is None or not found.submodule_search_locations:
        pytest.exit("standoff is not installed here: run `make setup`", returncode=3)
    installed = Path(next(iter(found.submodule_search_locations))).resolve()
    if digest_of(installed) != digest_of(ROOT / "src" / "standoff"):
        pytest.exit(f"{installed} differs from src/: run `make setup`, then test again", returncode=3)
    try:
        from standoff.engine import kernel
    except standoff.UsageError as error:
        pytest.exit(str(error), returncode=3)
    if kernel.kernel_sources() != kernel_digest(ROOT):
        pytest.exit("the engine's kernel is not that of src/: run `make setup` or `make kernel`", returncode=3)


def pytest_collection_finish() -> None:
    """Keep garbage collections from what is here to stay: 8,000 tests, and the syntax of their files.

    They took a twentieth of the processor time of all tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


# Last, because hypothesis marks its tests in the same way.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give property tests time to shrink what they find, and end one that has no end without its cooperation.

    A time limit that raises inside hypothesis can leave its lock taken, and the run then waits for ever.
    """
    for item in items:
        if item.get_closest_marker("hypothesis") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(300, method="thread", func_only=True))


@pytest.fixture(scope="session", autouse=True)
def _one_command_line() -> Iterator[None]:
    """What click makes of all verbs is made once for all tests, as in each process of a user: it takes 60 ms."""
    with pytest.MonkeyPatch.context() as patch:
        made = cache(typer.main.get_command)
        patch.setattr("typer.main.get_command", made)
        patch.setattr("typer.testing._get_command", made)
        yield


@pytest.fixture(scope="module")
def no_code_kept() -> Iterator[None]:
    """Machine code of scenarios that nobody runs again would push the useful one out of the cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STANDOFF_CACHE", "")
        yield


@pytest.fixture
def model_of(tmp_path: Path) -> Callable[[str], Model]:
    """A model from the body of a scenario; it runs for 100 days from 2020-01-01."""

    def make(body: str, head: str = HEAD) -> Model:
        path = tmp_path / "scenario.yaml"
        path.write_text(head + body, encoding="utf-8")
        return ground(load(path).as_read)  # what `check` refuses, the engine must stop at by itself

    return make


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium that Playwright drives."""
    yield from chromium()


@pytest.fixture(scope="module")
def said(folder: Path) -> Scene:
    """What the report of a file's own fixture `folder`, a run folder, tells."""
    return scene(folder)


@pytest.fixture(scope="module")
def opened(browser: Any, folder: Path) -> Iterator[Opened]:
    """The report of a file's own fixture `folder`, open in a browser; it may complain of nothing till the last test."""
    made = Opened(browser, folder / "report.html")
    yield made
    made.close()
    assert made.complaints == []

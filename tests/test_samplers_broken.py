"""The checks of the samplers see streams that were broken on purpose, in the reference twin, one way at a time."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

import numpy as np
import pytest

from standoff.engine import Sampler, Trajectory, parameters, reference, reference_run, run, streams
from standoff.model import Model
from tests import sampler_checks as checks
from tests.sampler_checks import Grounded, Runner

pytestmark = pytest.mark.skipif("sampler" not in inspect.signature(run).parameters, reason="there is one sampler only")
FEW = 110  # runs: enough to see luck that is shared outright
KEY, MANY = streams.stream_key, streams.stream_keys
NAMES, KEYS, CLOCKS = (getattr(reference, name, None) for name in ("clock_names", "clock_keys", "Clocks"))


def twin(sampler: str, model: Model, seed: int, number: int) -> Trajectory:
    return reference_run(model, seed=seed, run=number, sampler=sampler)  # type: ignore[arg-type]


def shared(runner: Runner, grounded: Grounded, runs: int = FEW) -> Iterator[str]:
    """Luck that is shared; more runs than the other checks need."""
    return checks.luck_is_shared(runner, grounded, FEW, 1e-7)


@pytest.fixture(scope="module")
def grounded(tmp_path_factory: pytest.TempPathFactory) -> Grounded:
    return checks.grounding(tmp_path_factory.mktemp("broken"))


def named(by: Callable[[Model, int], str]) -> Callable[[Model], np.ndarray]:
    """Clocks that have other names than they should."""

    def names(model: Model) -> np.ndarray:
        digests = (hashlib.blake2b(by(model, g).encode(), digest_size=8).digest() for g in range(model.ground_rules))
        return np.array([int.from_bytes(digest, "little") for digest in digests], dtype=np.uint64)

    return names


def redrawn(self: Any, g: int, rate: float, t: float) -> None:
    """A clock that begins anew whenever its rate changes; the law stays, the coupling is lost."""
    if rate != self.rates[g]:
        self.proposals[g] += 1
        self.left[g] = self._exponential(g)
        self._start(g, rate, t)


def from_one_stream(self: Any, ground_rule: int, call: int) -> None:
    """Effects that draw from one stream of the run, in the order in which they come."""


def from_the_clock(self: Any, ground_rule: int, call: int) -> None:
    """Effects that draw where the clock will draw next."""
    stream = streams.Stream(self.clocks.keys[ground_rule])
    stream.counter = self.clocks.proposals[ground_rule]
    self.machine.stream = stream


@dataclass(frozen=True)
class Break:
    """What is replaced, by what, in which sampler, and the check that must see it."""

    patches: tuple[tuple[Any, str, Any], ...]
    seen_by: Callable[[Runner, Grounded, int], Iterator[str]]
    sampler: str = "coupled"


BREAKS = {
    "coupled, run left out": Break(((reference, "clock_keys", lambda n, seed, run: KEYS(n, seed, 0)),), shared),
    "coupled, seed left out": Break(((reference, "clock_keys", lambda n, seed, run: KEYS(n, 0, run)),), shared),
    "coupled, rule left out": Break(((reference, "clock_names", named(lambda m, g: m.binding(g))),), shared),
    "coupled, binding left out": Break(
        ((reference, "clock_names", named(lambda m, g: m.rules[m.rule_of[g]].name)),), shared
    ),
    "coupled, named by position": Break(
        ((reference, "clock_names", lambda m: np.arange(m.ground_rules, dtype=np.uint64)),), checks.strangers_move
    ),
    "coupled, named by position in the file": Break(
        ((reference, "clock_names", lambda m: np.arange(m.ground_rules, dtype=np.uint64)),), checks.order_matters
    ),
    "coupled, named by position in the rule": Break(
        ((reference, "clock_names", named(lambda m, g: f"{m.rule_of[g]} {g - m.rules[m.rule_of[g]].first}")),),
        checks.strangers_move,
    ),
    "coupled, clocks redrawn at every touch": Break(((CLOCKS, "put", redrawn),), checks.clocks_forget),
    "coupled, a refused proposal redraws all": Break(
        ((reference.DirectRun, "sampler", "coupled"), (reference, "CoupledRun", reference.DirectRun)),
        checks.changes_spread,
    ),
    "coupled, effects from one stream": Break(
        ((reference.CoupledRun, "begin_effects", from_one_stream),), checks.strangers_move
    ),
    "coupled, effects from the clock": Break(
        ((reference.CoupledRun, "begin_effects", from_the_clock),), shared
    ),
    "direct, run left out": Break(((reference, "stream_key", lambda s, r, p: KEY(s, 0, p)),), shared, "direct"),
    "direct, seed left out": Break(((reference, "stream_key", lambda s, r, p: KEY(0, r, p)),), shared, "direct"),
    "direct, purpose left out": Break(
        (
            (reference, "stream_key", lambda s, r, p: KEY(s, r, "all")),
            (parameters, "stream_keys", lambda s, r, p: MANY(s, r, ["all"] * len(p))),
        ),
        shared,
        "direct",
    ),
    "coupled by the stream of direct": Break(
        ((reference, "CoupledRun", reference.DirectRun),), checks.strangers_move
    ),
}


LONG = {name for name, broken in BREAKS.items() if broken.seen_by is shared} - {
    "coupled, run left out", "coupled, rule left out", "direct, purpose left out"
}  # fmt: skip
"""Other streams that are shared outright: seen as those are that whenever tests run are left out."""


@pytest.mark.statistical(false_alarm=1e-6)
@pytest.mark.timeout(120)
@pytest.mark.parametrize("sampler", get_args(Sampler))
def test_streams_that_are_whole_pass(sampler: str, grounded: Grounded) -> None:
    assert list(shared(partial(twin, sampler), grounded)) == []


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in LONG else name for name in BREAKS]
)
def test_streams_that_are_broken_do_not_pass(
    name: str, grounded: Grounded, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = BREAKS[name]
    for owner, part, by in broken.patches:
        monkeypatch.setattr(owner, part, by)
    assert next(broken.seen_by(partial(twin, broken.sampler), grounded, 2), None)

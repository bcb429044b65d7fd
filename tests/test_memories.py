"""Rates that follow fading memories have the law that was written: thinning, proved by time rescaling and by rivals.

False alarms. Distances between distributions are held to bounds that are exact at any size (Massart 1990; Wei and
Dudley 2012 for two samples of one size). Means, correlations and dispersions are compared in standard errors; for what
the normal approximation leaves out their level is a tenth of what they may use. Each test states its own probability
in its marker, over all its cases. A test of a test ("is refused") would be missed with the probability that its
marker states: the effect it looks for stands at least six standard errors beyond the threshold.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from statistics import NormalDist
from typing import Any, get_args

import numpy as np
import pytest

from conformance.exact.laws import Affine
from standoff.engine import Sampler, Trajectory, clocks, prepare, reference_run, run, streams
from standoff.errors import RunStopped
from standoff.model import Model
from standoff.model.bounds import Bounds, number
from standoff.scenario import tree
from tests.memory_laws import DAYS, HEAD, LAWS, QUICK, SLOW, TEMPER, Array, Law, hawkes
from tests.outcomes import one_after_another
from tests.rescaling import Recorded, comparisons, complaints, rescaled, too_far
from tests.rivals import borel, clusters, thinned, two_samples_differ
from tests.sampler_checks import Grounded, grounding

SEED = 20021
SCALE = int(os.environ.get("STANDOFF_VERIFY", "1"))
EVENTS = 180_000
FEWER = 100_000
SHORT = HEAD.replace("2019-09-27", "2017-05-30")  # 150 days
RUNS = 2_000 * SCALE
FALSE_ALARM = 1e-7
LEVEL = FALSE_ALARM / 10 / sum(comparisons(len(law.types)) for law in LAWS.values())
MANY_EVENTS = {"a ring of towns", "two memories that pull against each other"}
EACH = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in MANY_EVENTS else name for name in LAWS]
)
WRONG = [
    pytest.param(name, marks=pytest.mark.slow) if name in MANY_EVENTS or number % 4 else name
    for number, name in enumerate(LAWS)
]
"""Whose wrong laws are shown to be seen whenever tests run: one in four."""
Engine = Callable[[Model, str], Callable[[int], Trajectory]]
statistical = pytest.mark.statistical(false_alarm=FALSE_ALARM)


@pytest.fixture(scope="module")
def grounded(tmp_path_factory: pytest.TempPathFactory) -> Grounded:
    """A model from the whole text of a scenario."""
    return grounding(tmp_path_factory.mktemp("memories"))


def types(model: Model) -> tuple[str, ...]:
    """The ground rules by name and binding."""
    found = []
    for ground_rule in range(model.ground_rules):
        rule, binding = model.rules[model.rule_of[ground_rule]].name, model.binding(ground_rule)
        found.append(f"{rule}({binding})" if binding else rule)
    return tuple(found)


def kernel(model: Model, sampler: str) -> Callable[[int], Trajectory]:
    """The compiled engine."""
    program = prepare(model)
    return lambda number: run(program, seed=SEED, run=number, sampler=sampler)  # type: ignore[arg-type]


def twin(model: Model, sampler: str) -> Callable[[int], Trajectory]:
    """The reference twin."""
    return lambda number: reference_run(model, seed=SEED, run=number, sampler=sampler)  # type: ignore[arg-type]


def recorded(model: Model, law: Law, make: Callable[[int], Trajectory]) -> Iterator[Recorded]:
    """Run after run, as time, type and parameters."""
    position = np.array([law.types.index(name) for name in types(model)])
    for made in map(make, range(10**9)):
        drawn = {info.name: value for info, value in zip(model.parameters, made.parameters.tolist(), strict=True)}
        yield made.time, position[made.rule], drawn


@pytest.mark.parametrize("name", [name for name, law in LAWS.items() if law.integrals])
def test_a_compensator_in_closed_form_is_the_integral_of_its_rate(name: str) -> None:
    law = LAWS[name]
    rng = np.random.Generator(np.random.PCG64(5))
    time = np.cumsum(rng.exponential(1.5, 400))
    kind = rng.integers(0, len(law.types), 400)
    decay = law.decay({"fading": 3.0})
    after = law.memories(time, kind, decay)
    closed = law.compensator(after, time, decay)[:-1]
    fine = law.compensator(after, time, decay, closed=False)[:-1]
    assert np.abs(closed - fine).max() < 1e-10


@statistical
@pytest.mark.timeout(300)
@pytest.mark.parametrize("sampler", get_args(Sampler))
@EACH
def test_events_in_rescaled_time_are_a_poisson_process(name: str, sampler: str, grounded: Grounded) -> None:
    """Both samplers; that rates which are 3 % off would be seen is shown on the same events."""
    law, events = LAWS[name], (EVENTS if sampler == "direct" else EVENTS // 3) * SCALE
    model = grounded(HEAD + law.body)
    assert sorted(types(model)) == sorted(law.types)
    found = rescaled(law, recorded(model, law, kernel(model, sampler)), events)
    assert complaints(found, events, LEVEL / 2) == []
    if sampler == "direct":
        assert complaints(found.stretched(1.03), events, LEVEL / 2) != []
        assert complaints(found.stretched(0.97), events, LEVEL / 2) != []


def scaled(law: Law, by: float) -> Law:
    """The same law with all rates higher or lower."""
    rates = law.rates
    return replace(law, rates=lambda memory, day: rates(memory, day) * by)


def steady(law: Law, per_day: float) -> Law:
    """A law without memory."""
    share = np.full(len(law.types), per_day / len(law.types))
    rates, integrals = np.multiply.outer, lambda memory, days, decay: np.outer(days, share)
    return replace(law, rates=lambda memory, day: rates(np.ones(day.shape), share), integrals=integrals)


@pytest.mark.statistical(false_alarm=1e-7)
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_law_is_refused(name: str, grounded: Grounded) -> None:
    """Half-lives and jumps 10 % off; no memory at all, with the right number of events."""
    law = LAWS[name]
    model = grounded(HEAD + law.body)
    runs, kept = recorded(model, law, kernel(model, "direct")), []
    while sum(len(time) for time, _, _ in kept) < 1.3 * FEWER:
        kept.append(next(runs))
    per_day = sum(len(time) for time, _, _ in kept) / (len(kept) * DAYS)
    longer = tuple(4.0 if isinstance(days, str) else 1.1 * days for days in law.half_lives)  # 4: the prior's median
    wrong = {
        "half-lives 10 % longer": replace(law, half_lives=longer),
        "jumps 10 % larger": replace(law, add=1.1 * law.add),
        "no memory": steady(law, per_day),
    }
    assert [what for what, other in wrong.items() if not refused(other, kept)] == []


def refused(law: Law, runs: list[Recorded]) -> bool:
    """Whether the checks see that these runs do not follow this law."""
    try:
        return complaints(rescaled(law, iter(runs), FEWER), FEWER, LEVEL) != []
    except ValueError:
        return True  # so far off that the runs do not last


def accept_all(self: object, *of: object) -> bool:
    return True


def without_fading(self: Any, slot: int) -> float:
    return float(self.x[slot])


def with_the_clock_s_own_number(self: Any, ground_rule: int, t: float) -> float:
    number_of_clock = streams.unit(streams.philox(self.keys[ground_rule], self.proposals[ground_rule])[0])
    PROPOSE(self, ground_rule, t)
    return number_of_clock


PROPOSE = clocks.Clocks.propose


@pytest.mark.statistical(false_alarm=1e-7)
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("name", "sampler", "part", "broken", "events"),
    [
        ("self-excitation with three half-lives", "direct", "reference.TwinRun.accepted", accept_all, 15_000),
        ("a rate that rises while its memory fades", "direct", "reference.TwinRun.accepted", accept_all, 2_000),
        ("a rate that rises while its memory fades", "coupled", "reference.TwinRun.accepted", accept_all, 2_000),
        ("a guard on a memory", "direct", "reference.TwinRun.accepted", accept_all, 10_000),
        ("a rate that sits at its bound", "direct", "evaluate.Machine.now", without_fading, 5_000),
        ("a rate silenced by its memory", "coupled", "clocks.Clocks.propose", with_the_clock_s_own_number, 2_000),
    ],
)
def test_an_engine_that_thins_wrongly_is_refused(
    name: str, sampler: str, part: str, broken: object, events: int, grounded: Grounded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reference twin, which the kernel equals to the bit, with one part broken on purpose."""
    law = LAWS[name]
    model = grounded(HEAD + law.body)
    monkeypatch.setattr(f"standoff.engine.{part}", broken)
    wrong = recorded(model, law, twin(model, sampler))
    assert complaints(rescaled(law, wrong, events), events, LEVEL) != []


PROVED = Bounds.rate


def too_low(self: Bounds, guard: tree.Node | None, rate: tree.Node) -> tree.Node:
    proved = PROVED(self, guard, rate)
    return tree.Binary(type=proved.type, op="*", left=proved, right=number(0.97))


def as_now(self: Bounds, guard: tree.Node | None, rate: tree.Node) -> tree.Node:
    return rate if guard is None else tree.Choose(type=rate.type, condition=guard, then=rate, otherwise=number(0.0))


@pytest.mark.parametrize("make", [kernel, twin])
@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("self-excitation", too_low),
        ("a rate that sits at its bound", too_low),
        ("a rate that rises while its memory fades", as_now),
        ("a rate silenced by its memory", as_now),
        ("a memory and the calendar", as_now),
    ],
)
def test_a_bound_that_does_not_hold_stops_the_run(
    name: str, bound: object, make: Engine, model_of: Callable[..., Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bounds, "rate", bound)
    model = model_of(LAWS[name].body, HEAD)
    with pytest.raises(RunStopped) as stop:
        make(model, "direct")(0)
    assert stop.value.code == "SD502"


@pytest.mark.parametrize("make", [kernel, twin])
@pytest.mark.parametrize("rate", ["min(1.2, m)", "1.2 if m > 3 else 0.7", "max(1.2, 1.2 - m)"])
def test_a_rate_that_equals_its_bound_refuses_no_proposal(rate: str, make: Engine, grounded: Grounded) -> None:
    body = f"state: {{m: {{half_life: 1000 days}}}}\nbegin: {{m: 100}}\nrules:\n  act: {{rate: '{rate}', then: []}}\n"
    model = grounded(HEAD + body)
    made = make(model, "direct")(0)
    assert made.fired > 1000
    assert made.rejected == 0


def held(found: Array, mean: float, variance: float, comparisons_in_all: int) -> bool:
    """Whether a sample's mean is right, in standard errors."""
    z = (found.mean() - mean) / math.sqrt(variance / len(found))
    return bool(abs(z) <= NormalDist().inv_cdf(1 - FALSE_ALARM / 20 / comparisons_in_all))


@statistical
@pytest.mark.timeout(120)
def test_a_hawkes_process_begun_at_its_stationary_mean_keeps_it(grounded: Grounded) -> None:
    """Hawkes 1971: with branching ratio n the stationary rate is base / (1 - n)."""
    base, jump, days = 0.3, 0.15, 2.5
    decay = math.log(2) / days
    rate = base / (1 - jump / decay)
    law = hawkes(base, jump, days, begin=rate - base)
    mean, spread = Affine((rate - base, 0.0), (decay, 0.0), ((base, (1.0, 0.0), (jump, 1.0)),)).moments(DAYS)
    assert mean[1] == pytest.approx(rate * DAYS, rel=1e-9)
    program = prepare(grounded(HEAD + law.body))
    made = one_after_another(program, RUNS, seed=SEED, record=False)
    counts = np.array([one.fired for one in made], dtype=np.float64)
    assert held(counts, rate * DAYS, spread[1, 1], 1)


@statistical
@pytest.mark.timeout(120)
def test_sides_that_excite_each_other_have_their_stationary_rates(grounded: Grounded) -> None:
    """With N[a, b] the strikes of a that one strike of b brings directly, the rates are (1 - N)^-1 base."""
    law = LAWS["mutual excitation"]
    decay = law.decay({})
    directly = QUICK / decay[0] + SLOW / decay[3]
    rates = np.linalg.solve(np.eye(3) - directly, TEMPER)
    begin = np.concatenate([rates / decay[0], rates / decay[3]])
    parts = ("quick", "slow")
    text = "".join(
        f"  {part}: {{{', '.join(f'{a}: {v!r}' for a, v in zip(('blue', 'red', 'green'), values, strict=True))}}}\n"
        for part, values in zip(parts, begin.reshape(2, 3).tolist(), strict=True)
    )
    program = prepare(grounded(HEAD + law.body.replace("begin:\n", "begin:\n" + text)))
    made = one_after_another(program, RUNS // 10, seed=SEED)
    counts = [np.bincount(one.rule, minlength=3) for one in made]
    for found, rate in zip(np.array(counts, dtype=np.float64).T, rates, strict=True):
        assert held(found, rate * DAYS, float(found.var(ddof=1)), 3)


@statistical
@pytest.mark.timeout(120)
@pytest.mark.parametrize("ratio", [0.3, 0.8])
def test_one_strike_brings_as_many_as_a_branching_process_does(ratio: float, grounded: Grounded) -> None:
    """The cluster of one immigrant has Borel's law (Hawkes and Oakes 1974); it is over long before the last day."""
    days, runs = 1.5, 2 * RUNS
    jump = ratio * math.log(2) / days
    law = hawkes(0.0, jump, days, begin=jump)
    program = prepare(grounded(HEAD + law.body))
    sizes = 1 + np.array([one.fired for one in one_after_another(program, runs, seed=SEED, record=False)])
    cumulative = np.cumsum(borel(ratio, int(sizes.max())))
    reached = np.searchsorted(np.sort(sizes), np.arange(1, len(cumulative) + 1), side="right") / runs
    assert np.abs(reached - cumulative).max() <= too_far(runs, FALSE_ALARM / 2)


def landmarks(runs: list[Array], days: float, ranks: tuple[int, ...]) -> Array:
    """What is compared of each run: counts by half the days and by all, and the days of some events: (runs, what)."""
    rows = []
    for time in runs:
        time = time[time < days]
        when = [time[rank - 1] if len(time) >= rank else days for rank in ranks]
        rows.append([np.count_nonzero(time < days / 2), len(time), *when, time[-1] if len(time) else 0.0])
    return np.array(rows, dtype=np.float64)


def engine_times(body: str, make: Grounded) -> list[Array]:
    program = prepare(make(SHORT + body))
    return [made.time for made in one_after_another(program, RUNS, seed=SEED)]


@statistical
@pytest.mark.timeout(300)
def test_the_engine_and_a_simulation_by_clusters_agree(grounded: Grounded) -> None:
    """Hawkes and Oakes 1974: immigrants, and each strike's own children, drawn generation by generation."""
    law, days, ranks = LAWS["self-excitation with three half-lives"], 150.0, (1, 10, 60)
    rng = np.random.Generator(np.random.PCG64(SEED))
    rivals = clusters(0.4, law.add[0], law.decay({}), days, RUNS, rng)
    ours = landmarks(engine_times(law.body, grounded), days, ranks)
    assert two_samples_differ(ours, landmarks(rivals, days, ranks), FALSE_ALARM) == []
    fewer = clusters(0.4, law.add[0] * 0.85, law.decay({}), days, RUNS, rng)
    assert two_samples_differ(ours, landmarks(fewer, days, ranks), FALSE_ALARM) != []


@statistical
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("a rate that rises and falls in its memory", 0.3 + 4 / math.e),
        ("a rate that rises while its memory fades", 3.0),
        ("a rate silenced by its memory", 2.5),
    ],
)
def test_the_engine_and_a_simulation_by_plain_thinning_agree(name: str, bound: float, grounded: Grounded) -> None:
    """Ogata 1981, under one bound for all memories that was found with pencil and paper."""
    law, days, ranks = LAWS[name], 60.0, (1, 5, 25)
    rng = np.random.Generator(np.random.PCG64(SEED))
    ours = landmarks(engine_times(law.body, grounded), days, ranks)
    for by, differs in ((1.0, False), (0.8, True)):
        rivals = landmarks(thinned(scaled(law, by), bound, days, RUNS, rng), days, ranks)
        assert (two_samples_differ(ours, rivals, FALSE_ALARM / 3) != []) is differs

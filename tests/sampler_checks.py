"""What both samplers must do, as checks that take the engine as an argument, so that they can be given broken ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from standoff.engine import Trajectory
from standoff.model import Model, ground
from standoff.scenario import load
from tests.lively import LIVELY, STRANGERS, Scenario, reordered, text_of

Runner = Callable[[Model, int, int], Trajectory]
"""Makes one run of a model from a seed and a number."""

Grounded = Callable[[str], Model]
"""Makes a model from the text of a scenario."""

Event = tuple[float, str, str]
Floats = NDArray[np.float64]


def grounding(folder: Path) -> Grounded:
    """Ground texts by writing them to a folder; the same text gives the same model."""
    made: dict[str, Model] = {}

    def make(text: str) -> Model:
        if text not in made:
            path = folder / "scenario.yaml"
            path.write_text(text, encoding="utf-8")
            made[text] = ground(load(path).as_read)
        return made[text]

    return make


def events(model: Model, made: Trajectory) -> list[Event]:
    """Time, rule and binding of every event, those of one moment in the order of their names."""
    rules = [(model.rules[model.rule_of[g]].name, model.binding(g)) for g in range(model.ground_rules)]
    return sorted((time, *rules[g]) for time, g in zip(made.time.tolist(), made.rule.tolist(), strict=True))


def known(found: Iterable[Event], model: Model) -> list[Event]:
    """Those events whose rule and binding another model has too."""
    names = {(model.rules[k].name, model.binding(g)) for g, k in enumerate(model.rule_of.tolist())}
    return [event for event in found if event[1:] in names]


def of_runs(runner: Runner, model: Model, runs: int) -> list[list[Event]]:
    """The events of some runs of two seeds."""
    return [events(model, runner(model, seed, run)) for seed in (1, 2) for run in range(runs)]


def strangers_move(
    runner: Runner, grounded: Grounded, runs: int, strangers: Mapping[str, Scenario] = STRANGERS
) -> Iterator[str]:
    """What can be added to a scenario so that events which it has nothing to do with change."""
    model = grounded(text_of(LIVELY))
    before = of_runs(runner, model, runs)
    for what, scenario in strangers.items():
        after = [known(found, model) for found in of_runs(runner, grounded(text_of(scenario)), runs)]
        if after != before:
            yield what


def order_matters(
    runner: Runner, grounded: Grounded, runs: int, orders: Mapping[str, Scenario] | None = None
) -> Iterator[str]:
    """What can be written in another order so that events change."""
    before = of_runs(runner, grounded(text_of(LIVELY)), runs)
    for what, scenario in (orders or reordered()).items():
        if of_runs(runner, grounded(text_of(scenario)), runs) != before:
            yield what


def renaming_matters(runner: Runner, grounded: Grounded, runs: int) -> Iterator[str]:
    """Whether a question by another name changes events or answers."""
    renamed = {**LIVELY, "questions": {"who-has-the-mill": LIVELY["questions"]["mill-blue"]}}
    one, two = grounded(text_of(LIVELY)), grounded(text_of(renamed))
    if of_runs(runner, one, runs) != of_runs(runner, two, runs):
        yield "events"
    if runner(one, 1, 0).answers.tolist() != runner(two, 1, 0).answers.tolist():
        yield "answers"


def changed_rate(rule: str, rate: object) -> Scenario:
    """The scenario with one rule at another rate."""
    return {**LIVELY, "rules": {**LIVELY["rules"], rule: {**LIVELY["rules"][rule], "rate": rate}}}


def changes_spread(runner: Runner, grounded: Grounded, runs: int) -> Iterator[str]:
    """How a change in one rule's rate reaches events it should not reach.

    Events are the same up to the first that differs, which is one of that rule's, in the one run or in the other;
    rules that read nothing the rule writes never differ at all.
    """
    rates = {"reinforce": "1.3 * supply", "skirmish": "0.4 + 0.4 * tension[p]", "storm": "0.2 * weather + 0.2"}
    for rule, rate in rates.items():
        one, two = grounded(text_of(LIVELY)), grounded(text_of(changed_rate(rule, rate)))
        differ = 0
        for before, after in zip(of_runs(runner, one, runs), of_runs(runner, two, runs), strict=True):
            if apart(before, rule) != apart(after, rule):
                yield f"{rule}: rules it has nothing to do with differ"
            first = first_difference(before, after)
            differ += first is not None
            if first is not None and first[1] != rule:
                yield f"{rule}: the first event to differ is {first}"
        if not differ:
            yield f"{rule}: another rate makes no difference"


def apart(found: list[Event], rule: str) -> list[Event]:
    """The events of the half of the scenario, weather or fighting, that a rule is not in."""
    weather = {"storm", "clear_up"}
    return [event for event in found if (event[1] in weather) != (rule in weather)]


def first_difference(one: list[Event], two: list[Event]) -> Event | None:
    """The earliest event that only one of two runs has."""
    for a, b in zip([*one, None], [*two, None], strict=False):
        if a != b:
            return min(event for event in (a, b) if event is not None)
    return None


SWITCH = """
standoff: 1
title: a switch
starts: 2020-01-01
ends: 2020-04-09
state: {on: {is: truth}, hits: {}, misses: {}}
rules:
  turn: {at: DAY, then: [on = true]}
  hit: {rate: 'RATE if on else 0.15', then: [hits += 1]}
  miss: {when: not on, rate: 0.1, then: [misses += 1]}
watch: {hits: {of: hits}, misses: {of: misses}}
"""


def clocks_forget(runner: Runner, grounded: Grounded, runs: int) -> Iterator[str]:
    """Whether a clock that is touched goes on from where it was: the days that are left pass faster or slower.

    The first hit is known from a run in which the switch stays off: what was left of it on the day of the switch
    shrinks by the ratio of the rates.
    """
    day = 5.0
    off = grounded(SWITCH.replace("DAY", "100").replace("RATE", "0.15"))
    for rate in (0.45, 0.05):
        on = grounded(SWITCH.replace("DAY", str(day)).replace("RATE", str(rate)))
        for number in range(8 * runs):
            due, came = (first_hit(model, runner(model, 3, number)) for model in (off, on))
            due = due if due < day else day + (due - day) * 0.15 / rate
            if due < 100 and not math.isclose(due, came, rel_tol=1e-12):
                yield f"run {number}: the first hit is due on day {due}, but came on {came}"


def first_hit(model: Model, made: Trajectory) -> float:
    """When the rule `hit` first fired."""
    return next((time for time, rule, _ in events(model, made) if rule == "hit"), math.inf)


def effects_shift_clocks(runner: Runner, grounded: Grounded, runs: int) -> Iterator[str]:
    """Whether effects that draw more, to no effect, change when events happen or what later effects draw."""
    more = {"storm": "wind = uniform(0, 1) + poisson(30)", "reinforce": "wind = poisson(40)"}
    before = of_runs(runner, grounded(text_of(LIVELY)), runs)
    for rule, statement in more.items():
        body = LIVELY["rules"][rule]
        scenario = {**LIVELY, "rules": {**LIVELY["rules"], rule: {**body, "then": [*body["then"], statement]}}}
        if of_runs(runner, grounded(text_of(scenario)), runs) != before:
            yield rule


POISSON = """
standoff: 1
title: counters that have nothing to do with one another
starts: 2020-01-01
ends: 2020-04-09
actors: {blue: {}, red: {}, green: {}}
parameters: {secret: {prior: 'uniform(0, 1)', evidence: assumption}}
state:
  left: {of: actor}
  right: {of: actor}
  marks: {}
  faded: {half_life: 500 days}
begin: {faded: 1}
rules:
  go_left: {for: {a: actor}, rate: 0.1, then: ['left[a] += 1']}
  go_right: {for: {a: actor}, rate: 0.1, then: ['right[a] += 1']}
  mark: {rate: 0.1, then: ['marks += uniform(-1, 1)']}
  thin: {rate: 0.1 if faded > 0 else 0.2, then: []}
watch:
  left: {for: {a: actor}, of: 'left[a]'}
  right: {for: {a: actor}, of: 'right[a]'}
  marks: {of: marks}
  secret: {of: secret}
"""
RATE, DAYS = 0.1, 100.0


def standard(runner: Runner, grounded: Grounded, seed: int, runs: Iterable[int]) -> tuple[Floats, Floats, list[str]]:
    """Numbers of mean 0 and variance 1 from each run, and when each rule first fired.

    The numbers are the counts of all rules, the sum of what effects drew, the parameter and the first wait.
    """
    model = grounded(POISSON)
    names = [f"{model.rules[model.rule_of[g]].name} {model.binding(g)}" for g in range(model.ground_rules)]
    rows, firsts = [], []
    for run in runs:
        made = runner(model, seed, run)
        mean = RATE * DAYS
        column = {series.name: made.series[-1, i] for i, series in enumerate(model.series)}
        extra = [column["marks"] / math.sqrt(mean / 3), (column["secret"] - 0.5) * math.sqrt(12)]
        counts = (np.bincount(made.rule, minlength=len(names)) - mean) / math.sqrt(mean)
        rows.append([*counts, *extra, made.time[0] * RATE * len(names) - 1.0])
        first = [made.time[made.rule == g] for g in range(len(names))]
        firsts.append([float(times[0]) if len(times) else math.nan for times in first])
    return np.array(rows), np.array(firsts), [*names, "marks", "parameter", "first wait"]


def luck_is_shared(runner: Runner, grounded: Grounded, runs: int, level: float) -> Iterator[str]:
    """Where runs, seeds and rules draw the same luck: first firings that coincide, numbers that go together.

    `level` is the false-alarm probability of all comparisons together.
    """
    one, firsts, names = standard(runner, grounded, 1, range(runs))
    two, others, _ = standard(runner, grounded, 2, range(runs))
    every = np.concatenate([firsts.ravel(), others.ravel()])
    every = every[~np.isnan(every)]
    if len(np.unique(every)) < len(every):
        yield f"{len(every) - len(np.unique(every))} first firings coincide to the bit"
    last = len(names) - 1  # the first wait goes with the counts, and must not with what has no part in them
    apart = [(i, j) for i, j in combinations(range(len(names)), 2) if j < last or i >= last - 2]
    pairs = {f"{names[i]} and {names[j]}": (one[:, i], one[:, j]) for i, j in apart}
    for i, name in enumerate(names):
        pairs[f"{name} of two seeds"] = (one[:, i], two[:, i])
        pairs[f"{name} of neighbouring runs"] = (one[1:, i], one[:-1, i])
    limit = too_correlated(runs, level / len(pairs))
    for what, (a, b) in pairs.items():
        z = float((a * b).sum() / math.sqrt(len(a)))
        if not abs(z) <= limit:
            yield f"{what}: correlated, {z:.1f} standard errors, at most {limit:.1f}"


def too_correlated(n: int, level: float) -> float:
    """How far, in standard errors, the mean product of n independent pairs of normal numbers strays at this level.

    Chernoff's bound on a sum of products, whose tails are heavier than the normal law's.
    """
    s = np.linspace(1e-4, 0.999, 20_000)
    exponent = -n / 2 * np.log1p(-(s**2)) - n * s**2 / (1 - s**2)
    first = int(np.argmax(math.log(2) + exponent <= math.log(level)))
    return float(math.sqrt(n) * s[first] / (1 - s[first] ** 2))

"""The sources' own forecasts, beside the model and two naive forecasters, over all scenarios that ask them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from standoff.analysis.answers import answer, wilson
from standoff.calibration.direction import Leaning, leanings, leans
from standoff.calibration.hindsight import WHICH, by_kind
from standoff.calibration.scores import ALL, JUDGED, score, source, unscored, yes_or_no
from standoff.display import Display, Displayed
from standoff.ensemble import Ensemble, Persistence, Where, YesNoAnswer, run_many
from standoff.errors import UsageError, random_seed, whole_number
from standoff.scenario import check_scenario
from standoff.time import begins_at

if TYPE_CHECKING:
    from standoff.scenario import Scenario

_NUMBER = re.compile("([0-9]+)")
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Where the bins of the reliability diagram begin and end."""

WHO = {"source": "author"}
"""Forecasters that are called otherwise here than beside the answers of one scenario."""

Progress = Callable[[str, int, int], None]
"""Is called with the scenario that runs, the runs finished and the runs asked for."""

METHOD = (
    "Author: the middle of the range that the source's words may mean. Persistence: the state at the start does not "
    "change. A date is scored by whether it comes in time. Brier and log scores (nats; probabilities kept in 0.005 to "
    "0.995), lower is better; 95% intervals by "
    "resampling the questions. Questions share one history and are not independent, so the true spread is wider."
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A forecast of a source beside the model's answer: `low` to `high` is the model's 95% Monte Carlo interval.

    `beside` is the answer of the variant that is scored beside the scenario as written, if there is one.
    """

    id: str
    source: str
    scenario: str
    question: str
    ask: str
    author_low: float | None
    author_high: float | None
    words: str | None
    model: float
    low: float
    high: float
    beside: float | None
    persistence: float | None
    outcome: str | None
    why: str | None
    hindsight: bool


@dataclass(frozen=True, slots=True)
class Unscored:
    """A forecast of a source that is in no score, and why."""

    id: str
    scenario: str
    question: str
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A forecaster's mean scores over the `n` resolved questions of a source, or of `all`.

    `low` to `high` is the Brier score's interval; `better` is by how much the model's Brier score is lower.
    """

    who: str
    source: str
    n: int
    brier: float
    low: float | None
    high: float | None
    log: float
    log_low: float | None
    log_high: float | None
    better: float | None
    better_low: float | None
    better_high: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """A bar of the reliability diagram: what came true of the `n` questions that a forecaster gave `begin` to `end`."""

    who: str
    begin: float
    end: float
    n: int
    said: float
    came: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, repr=False)
class Forecasts(Displayed):
    """All forecasts with their scores; `hindsight` names what was set in the light of later events, by scenario
    and section.

    `unscored` are the forecasts that are in no score. Those of a number are not among `questions` either. `direction`
    says of each scenario, and of all, how many answers lean toward what happened. `beside` is the variant that is
    scored beside the scenarios as written.
    """

    runs: int
    seed: int
    questions: tuple[Judged, ...]
    unscored: tuple[Unscored, ...]
    scores: tuple[Standing, ...]
    reliability: tuple[Bin, ...]
    hindsight: dict[str, dict[str, tuple[str, ...]]]
    direction: tuple[Leaning, ...] = ()
    beside: str | None = None

    @property
    def warning(self) -> str:
        """What must stand beside the scores."""
        names = "; ".join(f"in {scenario} {by_kind(of)}" for scenario, of in self.hindsight.items() if of)
        return (
            "Whoever built these scenarios knew the outcomes, so the model's scores are no test of its skill. Set in "
            f"the light of later events (hindsight): {names or 'nothing'}."
            + (f" 'standoff {WHICH}' lists it." if names else "")
        )

    def display(self) -> Display:
        """How good the model is beside its sources."""
        from standoff.calibration.forecasts_display import forecasts_display

        return forecasts_display(self)

    def to_json(self) -> str:
        """The forecasts as JSON text."""
        content = asdict(self) | {"warning": self.warning, "method": METHOD}
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def score_forecasts(
    scenarios: Sequence[Scenario],
    *,
    runs: int = 2000,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
    beside: Sequence[Scenario] = (),
) -> Forecasts:
    """Run scenarios and compare their answers with the forecasts of the sources and with what happened.

    `beside` are the same scenarios in a variant, such as `blind`, whose answers are scored as another forecaster's. A
    forecast whose `id` several scenarios name counts once, as the first of them asks it; one without an `id` is known
    by its scenario and question. Raises RunStopped.
    """
    check_scenario(*scenarios, *beside)
    runs, seed = whole_number(runs, "the number of runs"), random_seed(seed)
    variant = _variant(scenarios, beside)
    changed = {one.name: one for one in beside}
    answers: dict[str, tuple[YesNoAnswer, str]] = {}
    left_out: list[Unscored] = []
    still: dict[str, float] = {}
    other: dict[str, float] = {}
    hindsight: dict[str, dict[str, tuple[str, ...]]] = {}
    for scenario in sorted(scenarios, key=lambda one: (begins_at(one.resolved.starts), one.name)):
        ensemble = _made(scenario, runs, seed, Where(jobs, executor), progress)
        about, starts = ensemble.manifest, scenario.resolved.starts
        hindsight[scenario.name] = about.hindsight
        there = {} if variant is None else _chances(changed[scenario.name], runs, seed, Where(jobs, executor), progress)
        for given in answer(ensemble):
            forecast, question = given.question.forecast, given.question.id
            if forecast is None:
                continue
            label, asked = forecast.id or f"{scenario.name}/{question}", yes_or_no(given, starts)
            first = answers.get(label)
            why = unscored(given, starts) if first is None else f"counted once, as {first[1]} asks it"
            if why is not None:
                left_out.append(Unscored(label, scenario.name, question, why))
            if first is None and asked is not None:
                answers[label] = (asked, scenario.name)
                if about.persistence is not None and question in about.persistence.answers:
                    still[label] = about.persistence.answers[question]
                if question in there:
                    other[label] = there[question]
    judged = tuple(
        _judged(label, one, where, still, other) for label, (one, where) in sorted(answers.items(), key=_in_order)
    )
    # Two scenarios may ask under one name; the labels of forecasts are each but once.
    named = [replace(one, question=replace(one.question, id=label)) for label, (one, _) in answers.items()]
    baseline = Persistence(runs, still) if all(label in still for label in answers) else None
    others = {} if variant is None else {f"variant {variant}": other}
    scores, bins = _standings(named, baseline, others, seed), tuple(_reliability(judged))
    return Forecasts(runs, seed, judged, tuple(left_out), scores, bins, hindsight, _direction(judged, others), variant)


def _variant(scenarios: Sequence[Scenario], beside: Sequence[Scenario]) -> str | None:
    """The one variant in which the same scenarios are; raises UsageError if there is no such one."""
    if not beside:
        return None
    variants = {one.variant for one in beside}
    if sorted(one.name for one in scenarios) != sorted(one.name for one in beside) or len(variants) > 1:
        raise UsageError("beside must hold the same scenarios, each in the same variant")
    (variant,) = variants
    if variant is None:
        raise UsageError("beside must hold scenarios in a variant, not as they are written")
    return variant


def _chances(scenario: Scenario, runs: int, seed: int, where: Where, progress: Progress | None) -> dict[str, float]:
    """What a scenario answers, by question."""
    ensemble = _made(scenario, runs, seed, where, progress)
    asked = (yes_or_no(one, scenario.resolved.starts) for one in answer(ensemble))
    return {one.question.id: one.chance.probability for one in asked if one is not None}


def _made(scenario: Scenario, runs: int, seed: int, where: Where, progress: Progress | None) -> Ensemble:
    def tell(done: int, of: int) -> None:
        if progress is not None:
            progress(scenario.name + (f" ({scenario.variant})" if scenario.variant else ""), done, of)

    return run_many(scenario, runs=runs, seed=seed, jobs=where.jobs, executor=where.executor, events="0", progress=tell)


def _in_order(item: tuple[str, object]) -> tuple[list[str | int], str]:
    """The order of labels, in which F2 comes before F10: letters and numbers of a label in turn."""
    parts = _NUMBER.split(item[0])
    return [int(part) if i % 2 else part for i, part in enumerate(parts)], item[0]


def _judged(
    label: str, one: YesNoAnswer, scenario: str, still: Mapping[str, float], other: Mapping[str, float]
) -> Judged:
    asked, chance, forecast = one.question, one.chance, one.question.forecast
    return Judged(
        id=label, source=source(one), scenario=scenario, question=asked.id, ask=asked.ask,
        author_low=forecast.low if forecast else None, author_high=forecast.high if forecast else None,
        words=forecast.words if forecast else None, model=chance.probability, low=chance.low, high=chance.high,
        beside=other.get(label), persistence=still.get(label), outcome=asked.outcome, why=asked.why,
        hindsight=asked.hindsight,
    )  # fmt: skip


def _standings(
    answers: Sequence[YesNoAnswer],
    baseline: Persistence | None,
    others: Mapping[str, Mapping[str, float]],
    seed: int,
) -> tuple[Standing, ...]:
    found = []
    for one in score(answers, baseline, seed=seed, others=others):
        if one.over == ALL:
            continue
        over = ALL if one.over == JUDGED else one.over
        found.append(Standing(
            who=WHO.get(one.who, one.who), source=over, n=one.n, brier=one.brier, low=one.brier_low,
            high=one.brier_high, log=one.log, log_low=one.log_low, log_high=one.log_high, better=one.better,
            better_low=one.better_low, better_high=one.better_high,
        ))  # fmt: skip
    return tuple(found)


def _direction(judged: Sequence[Judged], others: Mapping[str, Mapping[str, float]]) -> tuple[Leaning, ...]:
    """How many answers lean toward what happened: of the scenarios as written, then of each other."""
    found: list[Leaning] = []
    for who, given in {"model": {one.id: one.model for one in judged}, **others}.items():
        each: dict[str, list[bool | None]] = {}
        for one in judged:
            if one.outcome in ("yes", "no") and one.author_low is not None and one.author_high is not None:
                middle = (one.author_low + one.author_high) / 2
                if one.id in given:
                    lean = leans(given[one.id], middle, happened=one.outcome == "yes")
                    each.setdefault(one.scenario, []).append(lean)
        found += leanings(who, each)
    return tuple(found)


def _reliability(judged: Sequence[Judged]) -> list[Bin]:
    resolved = [one for one in judged if one.outcome in ("yes", "no")]
    given = {
        "author": [(one.author_low + one.author_high) / 2 if one.author_low is not None and one.author_high is not None
                   else np.nan for one in resolved],
        "model": [one.model for one in resolved],
    }  # fmt: skip
    came = np.array([one.outcome == "yes" for one in resolved])
    bins = []
    for who, values in given.items():
        shares = np.array(values, dtype=np.float64)
        for begin, end in pairwise(BINS):
            here = (shares >= begin) & ((shares < end) | ((shares == end) & (end == BINS[-1])))
            if here.any():
                yes, n = int(came[here].sum()), int(here.sum())
                bins.append(Bin(who, begin, end, n, float(shares[here].mean()), yes / n, *wilson(yes, n)))
    return bins

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
from standoff.calibration.hindsight import WHICH, by_kind
from standoff.calibration.scores import ALL, JUDGED, score, source, unscored, yes_or_no
from standoff.ensemble import Ensemble, Persistence, Where, YesNoAnswer, run_many
from standoff.errors import random_seed, whole_number

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
    """A forecast of a source beside the model's answer: `low` to `high` is the model's 95% Monte Carlo interval."""

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


@dataclass(frozen=True, slots=True)
class Forecasts:
    """All forecasts with their scores; `hindsight` names what was set in the light of later events, by scenario
    and section.

    `unscored` are the forecasts that are in no score. Those of a number are not among `questions` either.
    """

    runs: int
    seed: int
    questions: tuple[Judged, ...]
    unscored: tuple[Unscored, ...]
    scores: tuple[Standing, ...]
    reliability: tuple[Bin, ...]
    hindsight: dict[str, dict[str, tuple[str, ...]]]

    @property
    def warning(self) -> str:
        """What must stand beside the scores."""
        names = "; ".join(f"in {scenario} {by_kind(of)}" for scenario, of in self.hindsight.items() if of)
        return (
            "Whoever built these scenarios knew the outcomes, so the model's scores are no test of its skill. Set in "
            f"the light of later events (hindsight): {names or 'nothing'}."
            + (f" To see which: {WHICH}" if names else "")
        )

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
) -> Forecasts:
    """Run scenarios and compare their answers with the forecasts of the sources and with what happened.

    A forecast whose `id` several scenarios name counts once, as the first of them asks it; one without an `id` is known
    by its scenario and question. Raises RunStopped.
    """
    runs, seed = whole_number(runs, "the number of runs"), random_seed(seed)
    answers: dict[str, tuple[YesNoAnswer, str]] = {}
    left_out: list[Unscored] = []
    still: dict[str, float] = {}
    hindsight: dict[str, dict[str, tuple[str, ...]]] = {}
    for scenario in sorted(scenarios, key=lambda one: (one.resolved.starts, one.name)):
        ensemble = _made(scenario, runs, seed, Where(jobs, executor), progress)
        about, starts = ensemble.manifest, scenario.resolved.starts
        hindsight[scenario.name] = about.hindsight
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
    judged = tuple(_judged(label, one, where, still) for label, (one, where) in sorted(answers.items(), key=_in_order))
    # Two scenarios may ask under one name; the labels of forecasts are each but once.
    named = [replace(one, question=replace(one.question, id=label)) for label, (one, _) in answers.items()]
    baseline = Persistence(runs, still) if all(label in still for label in answers) else None
    scores, bins = _standings(named, baseline, seed), tuple(_reliability(judged))
    return Forecasts(runs, seed, judged, tuple(left_out), scores, bins, hindsight)


def _made(scenario: Scenario, runs: int, seed: int, where: Where, progress: Progress | None) -> Ensemble:
    def tell(done: int, of: int) -> None:
        if progress is not None:
            progress(scenario.name, done, of)

    return run_many(
        scenario, runs=runs, seed=seed, jobs=where.jobs, executor=where.executor, events="0", progress=tell
    )


def _in_order(item: tuple[str, object]) -> tuple[list[str | int], str]:
    """The order of labels, in which F2 comes before F10: letters and numbers of a label in turn."""
    parts = _NUMBER.split(item[0])
    return [int(part) if i % 2 else part for i, part in enumerate(parts)], item[0]


def _judged(label: str, one: YesNoAnswer, scenario: str, still: Mapping[str, float]) -> Judged:
    asked, chance, forecast = one.question, one.chance, one.question.forecast
    return Judged(
        id=label, source=source(one), scenario=scenario, question=asked.id, ask=asked.ask,
        author_low=forecast.low if forecast else None, author_high=forecast.high if forecast else None,
        words=forecast.words if forecast else None, model=chance.probability, low=chance.low, high=chance.high,
        persistence=still.get(label), outcome=asked.outcome, why=asked.why, hindsight=asked.hindsight,
    )  # fmt: skip


def _standings(answers: Sequence[YesNoAnswer], baseline: Persistence | None, seed: int) -> tuple[Standing, ...]:
    found = []
    for one in score(answers, baseline, seed=seed):
        if one.over == ALL:
            continue
        over = ALL if one.over == JUDGED else one.over
        found.append(Standing(
            who=WHO.get(one.who, one.who), source=over, n=one.n, brier=one.brier, low=one.brier_low,
            high=one.brier_high, log=one.log, log_low=one.log_low, log_high=one.log_high, better=one.better,
            better_low=one.better_low, better_high=one.better_high,
        ))  # fmt: skip
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

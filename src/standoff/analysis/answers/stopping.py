"""`run --until`: make runs until the interval of each question is as narrow as asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from standoff.analysis.answers.probability import Interval, wilson
from standoff.analysis.answers.questions import answer
from standoff.engine import Sampler
from standoff.ensemble import (
    DateAnswer,
    Ensemble,
    NoAnswer,
    NumberAnswer,
    Progress,
    RunFolder,
    YesNoAnswer,
    folder_or_temporary,
    read_table,
    run_many,
)
from standoff.errors import UsageError, real_number, refuse_unknown, shown, whole_number
from standoff.scenario import check_scenario

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from standoff.scenario import Scenario

FIRST = 200
"""Runs that are made before it is asked how many more there must be."""
AT_MOST = 200_000
LONGER = 1.05
"""How much longer than the estimate the next stretch is, so that the last one is rarely a short one."""

Widest = Callable[[str, float, int], None]
"""Is called with the question that is known least, the half-width of its interval, and the runs so far."""


def run_until(
    scenario: Scenario,
    half_width: float,
    *,
    questions: Sequence[str] = (),
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    out: Path | None = None,
    events: str | int = "auto",
    sampler: Sampler = "direct",
    at_most: int = AT_MOST,
    progress: Progress | None = None,
    widest: Widest | None = None,
    live: Widest | None = None,
    name: str | None = None,
) -> Ensemble:
    """Run until half the 95% interval of each of `questions` (of all, if none is named) is as narrow as this.

    At most `at_most` runs are made; the other arguments are those of `run_many`. Their number follows from the answers,
    which makes the intervals a little too narrow, by far less than their width. `widest` is told after each stretch of
    runs, `live` whenever runs are finished. Raises UsageError where there is no such question.
    """
    check_scenario(scenario)
    at_most = whole_number(at_most, "at_most")
    if not 0.0 < real_number(half_width, "a half-width") < 0.5:
        meant = f"; {half_width:g} points are {half_width / 100:g}" if 0.5 <= half_width <= 50 else ""
        raise UsageError(f"a half-width must lie between 0 and 0.5; got {shown(half_width)}{meant}")
    _known(scenario, questions)
    with folder_or_temporary(out) as folder:
        before = RunFolder(folder).manifest()
        runs = max(min(FIRST, at_most), before.merged_runs if before is not None else 0)
        while True:
            made = run_many(
                scenario, runs=runs, seed=seed, jobs=jobs, executor=executor, out=folder, events=events,
                sampler=sampler, name=name,
                progress=_Live(scenario, questions, folder, live, progress) if live is not None else progress,
            )  # fmt: skip
            asked = [
                one
                for one in answer(made)
                if not isinstance(one, NumberAnswer) and (not questions or one.question.id in questions)
            ]
            least = max(asked, key=_half_width, default=None)
            if least is None:
                break
            width = _half_width(least)
            if widest is not None:
                widest(least.question.id, width, runs)
            if width <= half_width or runs >= at_most:
                break
            runs = min(at_most, max(runs + FIRST, ceil(runs * (width / half_width) ** 2 * LONGER)))
        return made if out is not None else Ensemble(folder, temporary=True)


class _Live:
    """Counts the answers of a stretch's runs as they are finished, and tells which question is known least so far."""

    def __init__(
        self, scenario: Scenario, questions: Sequence[str], folder: Path, live: Widest, progress: Progress | None
    ) -> None:
        self.folder, self.live, self.progress = RunFolder(folder), live, progress
        asked = scenario.resolved.questions
        chosen = questions or [str(one.name) for one in asked]
        self.columns = {i: str(one.name) for i, one in enumerate(asked) if one.type != "number" and one.name in chosen}
        self.binary = [one.type == "binary" for one in asked]
        names = [str(one.name) for one in asked]
        self.among = {i: names.index(one.condition) for i, one in enumerate(asked) if one.condition is not None}
        self.seen: set[int] = set()
        self.runs, self.yes, self.of = 0, np.zeros(len(self.binary)), np.zeros(len(self.binary))

    def __call__(self, done: int, runs: int) -> None:
        if self.progress is not None:
            self.progress(done, runs)
        for stretch in self.folder.finished():
            if stretch.first not in self.seen:
                self.seen.add(stretch.first)
                table = read_table(next(stretch.files("answers")), rows=stretch.runs).to_numpy()[:, 1:]
                # Of a date, -1 says that it never came.
                says = np.where(self.binary, table > 0.5, table >= 0)
                counts = np.ones_like(says)
                for i, condition in self.among.items():
                    counts[:, i] = says[:, condition]
                self.yes += (says & counts).sum(axis=0)
                self.of += counts.sum(axis=0)
                self.runs += len(table)
        if self.runs and self.columns:
            known = {
                name: wilson(int(self.yes[i]), int(self.of[i])) if self.of[i] else Interval(0.0, 1.0)
                for i, name in self.columns.items()
            }
            least = max(known, key=lambda name: known[name].high - known[name].low)
            self.live(least, (known[least].high - known[least].low) / 2, self.runs)


def _half_width(one: YesNoAnswer | DateAnswer | NoAnswer) -> float:
    if isinstance(one, NoAnswer):
        # Nothing is known of it yet.
        return 0.5
    return (one.chance.high - one.chance.low) / 2


def _known(scenario: Scenario, questions: Sequence[str]) -> None:
    names = [str(one.name) for one in scenario.resolved.questions if one.type != "number"]
    refuse_unknown(questions, names, found="there is no such question '{}'", what="questions with a probability")

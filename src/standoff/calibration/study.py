"""questions.json: the answers, the scores and the warnings that belong to them, kept in the run folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.analysis.answers import answer
from standoff.calibration.direction import in_words, leanings, leans
from standoff.calibration.hindsight import WHICH, by_kind
from standoff.calibration.scores import CLIP, RESAMPLES, midpoint, score, unscored, yes_or_no
from standoff.engine import Sampler
from standoff.ensemble import (
    Answers,
    Ensemble,
    Incomplete,
    Manifest,
    ParameterTable,
    Progress,
    RunFolder,
    YesNoAnswer,
    case_words,
    command,
    run_many,
)
from standoff.errors import RunStopped, plain_path
from standoff.time import from_iso

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from standoff.scenario import Scenario

SELDOM = 0.05
"""The answers lean so far toward what happened that luck alone does it less often than this: then a warning says so."""

METHOD = (
    "Probabilities: share of runs with Wilson's 95% interval (Monte Carlo error only, not the error of the "
    f"model). Scores: lower is better; log score in nats with probabilities kept in {CLIP} to {1 - CLIP}; 95% "
    f"intervals by resampling the questions {RESAMPLES} times (questions share one history and are not independent, "
    "so the true spread is wider). Source: the middle of the range that its words may mean. Persistence: the state at "
    "the start does not change. A date that a source gave a probability is scored by whether it comes in time."
)


def answers(ensemble: Ensemble) -> Answers:
    """The answers and scores of an ensemble, from the tables in its folder."""
    about = ensemble.manifest
    answered, starts = answer(ensemble), from_iso(about.starts)
    asked = [yes for one in answered if (yes := yes_or_no(one, starts)) is not None]
    return Answers(
        questions=answered,
        scores=score(asked, about.persistence, seed=about.seed),
        unscored={one.question.id: why for one in answered if (why := unscored(one, starts)) is not None},
        persistence=about.persistence,
        warning=_warning(about, asked),
        method=METHOD,
    )


def run(
    scenario: Scenario,
    *,
    runs: int = 1000,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    out: Path | str | None = None,
    events: str | int = "auto",
    sampler: Sampler = "direct",
    progress: Progress | None = None,
    name: str | None = None,
    parameters: ParameterTable | None = None,
) -> Ensemble:
    """Run a scenario many times, answer its questions and score the answers.

    `runs` and `seed` (the random seed) decide which runs these are; `jobs` is how many workers make them, and
    `executor` any `concurrent.futures` executor that makes them instead. `out` is the folder they are kept in, a
    temporary one if not given; a folder that holds a part of these very runs is completed. `events` says of which runs
    the events are kept: `all`, the number of first runs, or `auto` (of all, if about two million rows hold them).
    `sampler` is `direct`, which is fast, or `coupled`, for runs that share their random numbers with those of a
    variant. `progress` is called with the runs finished and the runs asked for; `name` is how the command line in the
    manifest names the scenario. `parameters` gives the runs their parameters, in place of draws from the priors: an
    array (runs, parameters), or columns by name as `Ensemble.parameters` has them, where those left out are drawn.

    Raises RunStopped if a run meets something impossible, UsageError for an argument that does not fit, and Incomplete
    if the ensemble is cut short; it is answered first as far as it came.
    """
    folder = plain_path(out, "out") if out is not None else None
    return kept(
        lambda: run_many(
            scenario, runs=runs, seed=seed, jobs=jobs, executor=executor, out=folder, events=events, sampler=sampler,
            progress=progress, name=name, parameters=parameters,
        ),
        folder,
    )  # fmt: skip


def kept(make: Callable[[], Ensemble], folder: Path | None) -> Ensemble:
    """Make an ensemble and keep its answers in its folder; where it is cut short or a run stops, those so far."""
    try:
        ensemble = make()
    except (Incomplete, RunStopped):
        if folder is not None and (folder / "answers.parquet").exists():
            with suppress(OSError):
                keep_answers(Ensemble(folder))
        raise
    keep_answers(ensemble)
    return ensemble


def keep_answers(ensemble: Ensemble) -> Answers:
    """Answer the questions of an ensemble, write questions.json into its folder and return what it says."""
    answered = answers(ensemble)
    RunFolder(ensemble.folder).write_text("questions.json", answered.to_json())
    return answered


def _warning(about: Manifest, answered: Sequence[YesNoAnswer]) -> str | None:
    warnings: list[str] = []
    resolved = [one for one in answered if one.question.outcome in ("yes", "no")]
    if about.hindsight:
        which = command(WHICH, case_words(about.address or about.scenario, about.variant))
        warnings.append(
            f"Set in the light of what happened later (hindsight): {by_kind(about.hindsight)}; "
            f"'{which}' lists them. "
            f"The scores over the {len(resolved)} resolved questions are therefore no test of the model."
        )
    judged = [(one, middle) for one in resolved if (middle := midpoint(one)) is not None]
    lean = [leans(one.chance.probability, middle, happened=one.question.outcome == "yes") for one, middle in judged]
    for test in leanings("model", {about.scenario: lean}):
        if test.p < SELDOM:
            warnings.append(f"{in_words(test)}: what came later may have leaked into the model.")
    return " ".join(warnings) or None

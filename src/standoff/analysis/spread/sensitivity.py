"""What an answer's spread comes from: chance, which of the numbers that nobody knows, or the choice of a model.

How the variance is split among these is said in `variance.py`.

The total index of a parameter is the share of the variance that stays when all but it is known, chance included. Both
runs of a pair have the same random numbers, so that an inert parameter has the index 0 to the bit however noisy the
answer is; with independent random numbers it would be taken for an important one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field
from math import fsum, inf
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.spread.discovery import Box
from standoff.analysis.spread.resampling import Resamples
from standoff.analysis.spread.variance import Share, Split, Three, split, too_few, total_indices, variance_of
from standoff.display import Display, Displayed
from standoff.engine import draw_parameters
from standoff.ensemble import Batch, Way, Where, answers_of, known_runs
from standoff.errors import UsageError, random_seed, whole_number
from standoff.model import Model, grounded
from standoff.scenario import check_scenario

if TYPE_CHECKING:
    from standoff.scenario import Scenario

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
By = Literal["parameter", "paragraph"]
SPLIT = 5
"""How many times the runs of one parameter go into the split of the variance, which every answer needs."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the models among which it is not known which holds; weights count in proportion."""

    name: str
    scenario: Scenario = field(repr=False)
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Weight:
    """The share of one variant among all."""

    name: str
    share: float


@dataclass(frozen=True, slots=True)
class Index:
    """The total index of a parameter, or of all that rests on one paragraph of a source, for a question.

    Correlated parameters have one index together: `members` are those, in the model's order; it is empty otherwise.
    """

    question: str
    name: str
    evidence: tuple[str, ...]
    total: Share
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Sensitivity(Displayed):
    """What the answers depend on; indices by question, the largest first, and of the base case alone.

    `boxes` is empty until `standoff.analysis.boxes` has found some.
    """

    scenario: str
    seed: int
    runs: int
    by: By
    variants: tuple[Weight, ...]
    questions: tuple[Split, ...]
    indices: tuple[Index, ...]
    boxes: tuple[Box, ...] = ()

    def display(self, questions: Sequence[str] = ()) -> Display:
        """What the answers depend on; `questions` are those to show, all where none is named."""
        from standoff.analysis.spread.spread_display import sensitivity_display

        return sensitivity_display(self, questions)

    def to_json(self) -> str:
        """The sensitivity as JSON text."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def sense(
    scenario: Scenario,
    *,
    runs: int = 200,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    by: By = "parameter",
    variants: Sequence[Variant] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """Ask what the answers depend on, with `runs` pairs of runs for each parameter (or paragraph) that has a prior.

    The split of the variance rests on five times as many, in each of the `variants`; without any, there is only
    `scenario`, the base case, whose questions and parameters are asked about.

    Raises UsageError for fewer than 10 runs and for weights that are none, and RunStopped if a run stops.
    """
    check_scenario(scenario)
    runs, seed = whole_number(runs, "the number of runs"), random_seed(seed)
    if by not in get_args(By):
        raise UsageError(f"indices are by parameter or by paragraph, not by {by!r:.60}")
    if runs < 10:
        raise UsageError(f"a sensitivity analysis needs at least 10 runs, not {runs}")
    among = _among(scenario, variants)
    model = grounded(scenario)
    groups = _groups(scenario, model, by, alone=len(among) == 1)
    columns = {name: [model.parameters[i].name for i in group] for name, group in groups.items()}
    evidence = {name: (name,) if by == "paragraph" else _evidence(scenario, *of) for name, of in columns.items()}
    members = {name: tuple(of) if by == "parameter" and len(of) > 1 else () for name, of in columns.items()}
    numbers = np.arange(SPLIT * runs)
    cases = len(among) + all(one.scenario is not scenario for one in among)
    work = _CountedRuns(seed, Where(jobs, executor), (3 * SPLIT * cases + len(groups)) * runs, progress)
    base = _Case(scenario, model, work, numbers, groups, runs)
    made = {one.name: base if one.scenario is scenario else _Case.of(one.scenario, work, numbers) for one in among}
    samples = Resamples(len(numbers), seed)
    weights = {one.name: one.weight for one in among}
    splits, indices = [], []
    for i, question in enumerate(scenario.resolved.questions):
        if question.condition is not None:
            # Which runs are asked changes with the parameters: that is no part of the variance of one answer.
            continue
        asked = str(question.name), str(question.ask), question.type
        threes = {name: three for name, case in made.items() if (three := case.three(asked)) is not None}
        if threes:
            splits.append(split(asked, threes, weights, samples.counts()))
        own = Three(base.base[:, i], base.rerun[:, i], base.drawn[:, i])
        if variance_of(*own) == 0 or too_few(float(own.means.mean()), 3 * len(numbers), question.type) is not None:
            continue
        few = (picked[:, :runs] % runs for picked in samples.picked())
        totals = total_indices(own, {name: one[:, i] for name, one in base.changed.items()}, few, question.type)
        found = [Index(asked[0], name, evidence[name], total, members[name]) for name, total in totals.items()]
        indices += sorted(found, key=lambda index: -index.total.value)
    whole = fsum(weights.values())
    shares = tuple(Weight(name, weight / whole) for name, weight in weights.items()) if variants else ()
    return Sensitivity(scenario.name, seed, runs, by, shares, tuple(splits), tuple(indices))


def _among(scenario: Scenario, variants: Sequence[Variant]) -> Sequence[Variant]:
    for one in variants:
        if not 0 < one.weight < inf:
            raise UsageError(f"the weight of '{one.name}' must be a number above 0, not {one.weight:g}")
        if sum(other.name == one.name for other in variants) > 1:
            raise UsageError(f"'{one.name}' is named twice among the variants")
    return variants or (Variant("base", scenario),)


class _Case:
    """The runs of one variant, (runs, questions) each: for the split of the variance, and with parameters drawn anew.

    `changed` has `few` runs for each of `groups`, of which the parameters in these columns are drawn anew.
    """

    def __init__(
        self, scenario: Scenario, model: Model, work: _CountedRuns, numbers: Numbers, groups: Mapping[str, list[int]],
        few: int,
    ) -> None:  # fmt: skip
        self.asked: list[tuple[str, str]] = [(str(one.name), one.type) for one in scenario.resolved.questions]
        known, other = (draw_parameters(model, seed=work.seed, runs=numbers + shift) for shift in (0, len(numbers)))
        base = work.unchanged(scenario, numbers)

        def batches() -> Iterator[tuple[Numbers, Floats]]:
            if base is None:
                yield numbers, known
            yield numbers + len(numbers), known
            yield numbers, other
            for columns in groups.values():
                mixed = known[:few].copy()
                mixed[:, columns] = other[:few, columns]
                yield numbers[:few], mixed

        runs = (2 if base is not None else 3) * len(numbers) + len(groups) * few
        made = (coming(one, [kind for _, kind in self.asked]) for one in work.answers(model, batches(), runs))
        self.base = next(made) if base is None else coming(base, [kind for _, kind in self.asked])
        self.rerun, self.drawn = next(made), next(made)
        self.changed: dict[str, Floats] = dict(zip(groups, made, strict=True))

    @classmethod
    def of(cls, scenario: Scenario, work: _CountedRuns, numbers: Numbers) -> _Case:
        """The runs of a scenario that is not ground yet."""
        return cls(scenario, grounded(scenario), work, numbers, {}, 0)

    def three(self, question: tuple[str, str, str]) -> Three | None:
        """The answers to a question of the base case (name, ask, type), if it is asked here."""
        name, _, kind = question
        if (name, kind) not in self.asked:
            return None
        i = self.asked.index((name, kind))
        return Three(self.base[:, i], self.rerun[:, i], self.drawn[:, i])


class _CountedRuns:
    """All runs of a sensitivity, counted for whoever watches."""

    def __init__(self, seed: int, where: Where, total: int, progress: Callable[[int, int], None] | None) -> None:
        self.seed, self.where = seed, where
        self.done, self.total, self.progress = 0, total, progress

    def answers(self, model: Model, batches: Iterable[tuple[Numbers, Floats]], runs: int) -> Iterator[Floats]:
        """The answers, (runs, questions), of each of some batches with their parameters, of `runs` runs in all."""
        way = Way(model, self.seed, "coupled")
        every = (Batch(way, numbers, parameters) for numbers, parameters in batches)
        return answers_of(way, every, self.where, runs=runs, made=self._made)

    def unchanged(self, scenario: Scenario, numbers: Numbers) -> Floats | None:
        """The answers of the first runs of a case, if another verb has made them before."""
        known = known_runs(scenario, runs=len(numbers), seed=self.seed)
        if known is None:
            return None
        self._made(len(numbers))
        return known.answers.to_numpy()[:, 1:].copy()

    def _made(self, more: int) -> None:
        self.done += more
        if self.progress is not None:
            self.progress(self.done, self.total)


def coming(answers: Floats, kinds: Sequence[str]) -> Floats:
    """Answers, (runs, questions), of which dates are turned into whether they come."""
    for column, kind in enumerate(kinds):
        if kind == "date":
            answers[:, column] = answers[:, column] >= 0
    return answers


def _groups(scenario: Scenario, model: Model, by: By, *, alone: bool) -> dict[str, list[int]]:
    """The columns of parameters that are drawn anew together."""
    moving = {p.name: i for i, p in enumerate(model.parameters) if p.kind != "fixed"}
    if not moving and alone:
        raise UsageError("no parameter of this scenario has a prior: all of the spread is chance")
    together = _together(model, moving)
    if by == "parameter":
        return {" + ".join(group): [moving[one] for one in group] for group in together}
    groups: dict[str, list[int]] = {}
    for group in together:
        for paragraph in _evidence(scenario, *group) or ("no evidence",):
            groups.setdefault(paragraph, []).extend(moving[one] for one in group)
    return groups


def _together(model: Model, moving: Mapping[str, int]) -> list[tuple[str, ...]]:
    """The parameters that must be drawn anew together, since they are correlated, in the model's order."""
    from standoff.scenario import drawn_together

    groups = drawn_together({info.name: info.luck for info in model.parameters})
    found = [tuple(name for name in moving if name in group) for group in groups]
    return sorted((group for group in found if group), key=lambda group: moving[group[0]])


def _evidence(scenario: Scenario, *names: str) -> tuple[str, ...]:
    """What some parameters rest on, each once."""
    parameters: Mapping[str, object] = {str(key): one for key, one in scenario.expanded.parameters.items()}
    said = [piece for name in names for piece in getattr(parameters.get(name), "evidence", None) or ()]
    return tuple(dict.fromkeys(str(piece.from_) for piece in said))

"""What an answer's spread comes from: luck, or the numbers that nobody knows, and which of those.

Let Y be an answer as a function of the parameters and of the luck of a run. The coupled sampler can hold either fixed:

* two runs with the same parameters and other luck covary by the part of the variance that parameters explain alone;
* two runs with the same luck and other parameters covary by the part that luck explains alone;
* what is left is their interplay (Sobol 1993; the two blocks of inputs are parameters and luck).

The total index of a parameter is the share of the variance that is lost when all but it is known:
E (Y(a, luck) - Y(a with this parameter drawn anew, luck))^2 / (2 Var Y), the estimator of Jansen (1999,
doi:10.1016/S0010-4655(98)00154-4). Both runs have the same luck, so that an inert parameter has the index 0 to the bit
however noisy the answer is; with independent luck it would be taken for an important one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from standoff.engine import Program, draw_parameters, prepare, run
from standoff.errors import UsageError
from standoff.model import Model, ground

if TYPE_CHECKING:
    from standoff.scenario import Scenario

Floats = NDArray[np.float64]
By = Literal["parameter", "paragraph"]
SPLIT = 5
"""How many times the runs of one parameter go into the split between luck and parameters, which every answer needs."""
RESAMPLES = 500
SHARES = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the variance with its 95% bootstrap interval over the pairs of runs."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Split:
    """Where the variance of a question's answer comes from; the shares are None if the answer never varied."""

    question: str
    ask: str
    type: str
    mean: float
    variance: float
    luck: Share | None
    parameters: Share | None
    interplay: Share | None


@dataclass(frozen=True, slots=True)
class Index:
    """The total index of a parameter, or of all that rests on one paragraph of a source, for a question."""

    question: str
    name: str
    evidence: tuple[str, ...]
    total: Share


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What answers hang on; indices by question, the largest first."""

    scenario: str
    seed: int
    runs: int
    by: By
    questions: tuple[Split, ...]
    indices: tuple[Index, ...]

    def to_json(self) -> str:
        """The sensitivity as JSON text."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def sense(
    scenario: Scenario,
    *,
    runs: int = 200,
    seed: int = 1,
    jobs: int = 1,
    by: By = "parameter",
    progress: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """Ask what answers hang on, with `runs` pairs of runs for each parameter (or paragraph) that has a prior.

    The split between luck and parameters rests on five times as many.

    Raises UsageError for fewer than 10 runs, and RunStopped if a run stops.
    """
    if runs < 10:
        raise UsageError(f"a sensitivity takes at least 10 runs, not {runs}")
    model = ground(scenario.resolved)
    groups = _groups(scenario, model, by)
    work = _Work(prepare(model), seed, jobs, (3 * SPLIT + len(groups)) * runs, progress)
    numbers = np.arange(SPLIT * runs)
    known, other = (draw_parameters(model, seed=seed, runs=numbers + shift) for shift in (0, len(numbers)))
    kinds = [question.type for question in scenario.resolved.questions]
    base = work.answers(known, numbers, kinds)
    lucky = work.answers(known, numbers + len(numbers), kinds)
    drawn = work.answers(other, numbers, kinds)
    changed: dict[str, Floats] = {}
    for name, columns in groups.items():
        mixed = known[:runs].copy()
        mixed[:, columns] = other[:runs, columns]
        changed[name] = work.answers(mixed, numbers[:runs], kinds)
    picked = np.random.default_rng(seed).integers(0, len(numbers), (RESAMPLES, len(numbers)))
    few = picked[:, :runs] % runs
    splits, indices = [], []
    for i, question in enumerate(scenario.resolved.questions):
        three = base[:, i], lucky[:, i], drawn[:, i]
        splits.append(_split(str(question.name), str(question.ask), question.type, *three, picked))
        found = [
            Index(str(question.name), name, _evidence(scenario, name, by), _total(three, one[:, i], few))
            for name, one in changed.items()
            if splits[-1].variance > 0
        ]
        indices += sorted(found, key=lambda index: -index.total.value)
    return Sensitivity(scenario.name, seed, runs, by, tuple(splits), tuple(indices))


class _Work:
    """Runs with given parameters and given luck, on threads: the kernel works without Python's lock."""

    def __init__(
        self, program: Program, seed: int, jobs: int, total: int, progress: Callable[[int, int], None] | None
    ) -> None:
        self.program, self.seed, self.jobs = program, seed, jobs
        self.done, self.total, self.progress = 0, total, progress
        # Made here, so that threads do not make them twice.
        self.made = program.coupled, program.clock_names

    def answers(self, parameters: Floats, numbers: NDArray[np.int64], kinds: Sequence[str]) -> Floats:
        """The answers, (runs, questions); of a date, whether it comes."""

        def one(i: int) -> Floats:
            made = run(
                self.program, seed=self.seed, run=int(numbers[i]), parameters=parameters[i], record=False,
                sampler="coupled",
            )  # fmt: skip
            return made.answers

        with ThreadPoolExecutor(self.jobs) as pool:
            rows = []
            for row in pool.map(one, range(len(numbers))):
                rows.append(row)
                self.done += 1
                if self.progress is not None:
                    self.progress(self.done, self.total)
        found = np.array(rows)
        for column, kind in enumerate(kinds):
            if kind == "date":
                found[:, column] = found[:, column] >= 0
        return found


def _groups(scenario: Scenario, model: Model, by: By) -> dict[str, list[int]]:
    """The columns of parameters that are drawn anew together."""
    moving = {p.name: i for i, p in enumerate(model.parameters) if p.kind != "fixed"}
    if not moving:
        raise UsageError("no parameter of this scenario has a prior: all of its spread is luck")
    if by == "parameter":
        return {name: [column] for name, column in moving.items()}
    groups: dict[str, list[int]] = {}
    for name, column in moving.items():
        for paragraph in _evidence(scenario, name, "parameter") or ("no evidence",):
            groups.setdefault(paragraph, []).append(column)
    return groups


def _evidence(scenario: Scenario, name: str, by: By) -> tuple[str, ...]:
    if by == "paragraph":
        return (name,)
    parameters: Mapping[str, object] = {str(key): one for key, one in scenario.expanded.parameters.items()}
    said = getattr(parameters.get(name), "evidence", None) or ()
    return tuple(str(piece.from_) for piece in said)


def _split(
    name: str, ask: str, kind: str, base: Floats, lucky: Floats, drawn: Floats, picked: NDArray[np.int64]
) -> Split:
    variance = float(_variance(base, lucky, drawn))
    mean = float(np.mean([base, lucky, drawn]))
    if variance == 0.0:
        return Split(name, ask, kind, mean, 0.0, None, None, None)

    def shares(rows: NDArray[np.int64] | slice) -> tuple[Floats, Floats, Floats]:
        a, b, c = base[rows], lucky[rows], drawn[rows]
        whole = _variance(a, b, c)
        middle = (a.mean(axis=-1) + b.mean(axis=-1) + c.mean(axis=-1)) / 3
        parameters = ((a - middle[..., None]) * (b - middle[..., None])).mean(axis=-1) / whole
        luck = ((a - middle[..., None]) * (c - middle[..., None])).mean(axis=-1) / whole
        return parameters, luck, 1.0 - parameters - luck

    with np.errstate(invalid="ignore", divide="ignore"):
        found, again = shares(slice(None)), shares(picked)
    parameters, luck, interplay = (_share(float(v), spread) for v, spread in zip(found, again, strict=True))
    return Split(name, ask, kind, mean, variance, luck, parameters, interplay)


def _variance(*of: Floats) -> Floats:
    together = np.concatenate(of, axis=-1)
    return np.asarray(together.var(axis=-1))


def _total(three: tuple[Floats, Floats, Floats], changed: Floats, picked: NDArray[np.int64]) -> Share:
    shares = (changed - three[0][: len(changed)]) ** 2 / (2 * _variance(*three))
    return _share(float(shares.mean()), shares[picked].mean(axis=-1))


def _share(value: float, again: Floats) -> Share:
    known = again[np.isfinite(again)]
    low, high = np.percentile(known, SHARES) if len(known) else (value, value)
    return Share(value, min(float(low), value), max(float(high), value))

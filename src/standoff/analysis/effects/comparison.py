"""What if: a base case and named variants of it, run with shared random numbers, and what each changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from standoff.analysis.effects.differences import Difference, difference, difference_among
from standoff.display import Display, Displayed
from standoff.ensemble import FEWEST_SELECTED, Ensemble, Where, labelled, run_many, selected, unchanged_runs
from standoff.errors import UsageError, each_of, naming, random_seed, refusal, whole_number
from standoff.numerals import read_number
from standoff.scenario import check_scenario, following, spread, walks

if TYPE_CHECKING:
    from standoff.scenario import Resolved, Scenario

Progress = Callable[[str, int, int], None]
"""Is called with the case that runs, the runs finished and the runs asked for."""

BASE = "base"


@dataclass(frozen=True, slots=True)
class QuestionDifference:
    """What a what-if changes in the answer to a question: a probability, or the mean of a number.

    `says` is what a yes states; None where the scenario does not say it.
    """

    what: str
    question: str
    ask: str
    type: str
    paired: Difference
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A question of which it is not said what a what-if changes, and why."""

    what: str
    question: str
    ask: str
    why: str


@dataclass(frozen=True, slots=True)
class SeriesDifference:
    """What a what-if changes in a watched series at its last time, and when it had changed it most.

    Pairs in which it is not a finite number at that time are left out; `paired.runs` are those that are not.
    """

    what: str
    series: str
    paired: Difference
    most: float
    most_at: float


@dataclass(frozen=True, slots=True, repr=False)
class Comparison(Displayed):
    """A base case beside its what-ifs; `unchanged` names those that change nothing that a run could read.

    `no_number` names the series of which fewer than two pairs have a finite number at the end of some what-if.
    """

    scenario: str
    seed: int
    runs: int
    whats: tuple[str, ...]
    unchanged: tuple[str, ...]
    questions: tuple[QuestionDifference, ...]
    series: tuple[SeriesDifference, ...] = field(repr=False)
    no_number: tuple[str, ...]
    refused: tuple[Refused, ...] = ()

    def display(self, *, series: bool = False) -> Display:
        """What each what-if changes, the clear changes first; with `series` also in what is watched."""
        from standoff.analysis.effects.what_if_display import comparison_display

        return comparison_display(self, series=series)

    def sentence_of(self, what: str) -> str:
        """What a what-if changes most, in one sentence."""
        from standoff.analysis.effects.what_if_display import what_changes

        if what in self.unchanged:
            return f"“{what}” changes nothing: every run is the same as in the base case."
        return what_changes(what, [one for one in self.questions if one.what == what])

    def to_json(self) -> str:
        """The comparison as JSON text."""
        content = {
            "scenario": self.scenario,
            "seed": self.seed,
            "runs": self.runs,
            "whats": list(self.whats),
            "unchanged": list(self.unchanged),
            "differences": [_flat(one) for one in self.questions],
            "series": [_flat(one) for one in self.series],
            "no_number": list(self.no_number),
            "refused": [asdict(one) for one in self.refused],
            "method": (
                "Runs of a pair share the random numbers of every ground rule (common reaction paths). Differences are "
                "variant minus base; intervals are 95% and cover Monte Carlo error only. runs_if_independent: runs of "
                "each case with independent seeds for an interval as narrow. Of a series, runs: pairs in which it is "
                "a finite number; the others are left out. A question with a condition is compared over the runs that "
                "meet it in each case, as a difference of two ratios (Cochran 1977); which runs these are can change."
            ),
        }
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _flat(one: QuestionDifference | SeriesDifference) -> dict[str, object]:
    content = asdict(one)
    paired: dict[str, object] = content.pop("paired")
    return content | paired


def compare(
    base: Scenario,
    whats: Mapping[str, Scenario],
    *,
    runs: int = 1000,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run a base case and its what-ifs with shared random numbers.

    Raises UsageError where a what-if has no question of the base case, and RunStopped if a run stops.
    """
    check_scenario(base, *whats.values())
    runs, seed = whole_number(runs, "the number of runs"), random_seed(seed)
    if runs < 2:
        raise UsageError(f"a comparison needs at least 2 runs, not {runs}")
    if not whats or BASE in whats or "" in whats:
        raise UsageError(f"name at least one what-if, and none of them '{BASE}' or nothing at all")
    where = Where(jobs, executor)
    cases = {BASE: base} | dict(whats)
    ensembles = {name: _made(name, case, runs, seed, where, progress) for name, case in cases.items()}
    first = ensembles.pop(BASE)
    unchanged = tuple(name for name, case in whats.items() if alike(base, case))
    no_number: list[str] = []
    refused: list[Refused] = []
    questions = [q for name, one in ensembles.items() for q in _questions(name, first, one, name in unchanged, refused)]
    series = [s for name, one in ensembles.items() for s in _series(name, first, one, name in unchanged, no_number)]
    return Comparison(
        scenario=base.name,
        seed=seed,
        runs=runs,
        whats=tuple(whats),
        unchanged=unchanged,
        questions=tuple(questions),
        series=tuple(series),
        no_number=tuple(dict.fromkeys(no_number)),
        refused=tuple(refused),
    )


def _made(name: str, case: Scenario, runs: int, seed: int, where: Where, progress: Progress | None) -> Ensemble:
    def tell(done: int, of: int) -> None:
        if progress is not None:
            progress(name, done, of)

    with naming(f"case '{name}'"):
        if name == BASE:
            return unchanged_runs(case, runs=runs, seed=seed, jobs=where.jobs, executor=where.executor, progress=tell)
        return run_many(
            case, runs=runs, seed=seed, jobs=where.jobs, executor=where.executor, events="0", sampler="coupled",
            progress=tell,
        )  # fmt: skip


def alike(base: Scenario, other: Scenario) -> bool:
    """Whether two scenarios differ in nothing but parameters that nothing refers to: then all their runs are the same.

    Equal runs would not prove it: the next run could differ.
    """
    ours, theirs = base.resolved, other.resolved
    names = {name for name in {**ours.parameters, **theirs.parameters}
             if ours.parameters.get(name) != theirs.parameters.get(name)}  # fmt: skip
    if replace(ours, parameters={}) != replace(theirs, parameters={}):
        return False
    return not names & _parameters_read(ours)


def _parameters_read(resolved: Resolved) -> frozenset[str]:
    """The parameters that a run can read."""
    states = [
        node
        for state in resolved.states.values()
        for node in (state.half_life, state.otherwise, *(node for _, node in state.begin))
    ]
    rules = [node for rule in resolved.rules for node in walks.rule_nodes(rule)]
    watches = [node for watch in resolved.watches for node in walks.watch_nodes(watch)]
    questions = [node for question in resolved.questions for node in (question.answer, question.levels)]
    return walks.reads(*states, *rules, *watches, *questions).parameters


def _questions(
    what: str, base: Ensemble, other: Ensemble, same: bool, refused: list[Refused]
) -> list[QuestionDifference]:
    asked = {one.id: column for one, column in zip(other.manifest.questions, other.answers.columns[1:], strict=True)}
    if not set(asked) & {one.id for one in base.manifest.questions}:
        raise UsageError(f"the what-if '{what}' asks none of the base case's questions")
    asks = {one.id: one.ask for one in base.manifest.questions}
    differences = []
    for one, column in zip(base.manifest.questions, base.answers.columns[1:], strict=True):
        if one.id in asked and one.id not in base.manifest.conditions:
            condition = None if one.condition is None else asks[one.condition]
            ask, says = labelled(one.ask, condition), labelled(one.says, condition) if one.says else one.says
            values = base.answers[column].to_numpy(), other.answers[asked[one.id]].to_numpy()
            if one.type == "date":
                # What counts of a date is whether it comes; how late is in the runs' own answers.
                values = (values[0] >= 0).astype(np.float64), (values[1] >= 0).astype(np.float64)
            among = _among(base, one.id), _among(other, one.id)
            if (among[0] is None) != (among[1] is None):
                why = "asked in all runs of one case, and in some of the other"
                refused.append(Refused(what, one.id, ask, why))
                continue
            if among[0] is None or among[1] is None:
                paired = difference(*values, same=same, share=one.type != "number")
            elif min(counts := (int(among[0].sum()), int(among[1].sum()))) < FEWEST_SELECTED:
                few = f"fewer than {FEWEST_SELECTED} of {len(values[0]):,} runs meet its condition"
                refused.append(Refused(what, one.id, ask, f"{few}: {counts[0]:,} and {counts[1]:,}"))
                continue
            else:
                paired = difference_among(*values, (among[0], among[1]), same=same, share=one.type != "number")
            differences.append(QuestionDifference(what, one.id, ask, one.type, paired, says))
    return differences


def _among(made: Ensemble, question: str) -> NDArray[np.bool_] | None:
    """In which runs, (runs,), a question is asked, None where it is asked in all."""
    asked = made.manifest.questions
    entry = next(one for one in asked if one.id == question)
    return selected(asked, entry, made.answers.to_numpy()[:, 1:])


def _series(what: str, base: Ensemble, other: Ensemble, same: bool, no_number: list[str]) -> list[SeriesDifference]:
    times = np.array(base.manifest.grid)
    theirs = {one.name for one in other.manifest.series}
    differences = []
    # What becomes of a question through time is told by its answer.
    courses = base.manifest.showing("question", "course")
    for one in base.manifest.series:
        if one.labels is not None or one.name not in theirs or list(other.manifest.grid) != times.tolist():
            continue
        if one in courses:
            continue
        ours, changed = (_by_run(table[one.name], len(times)) for table in (base.series, other.series))
        known = np.isfinite(ours) & np.isfinite(changed)
        pairs = known.sum(axis=0)
        if pairs[-1] < 2:
            no_number.append(one.name)
            continue
        mean = np.subtract(changed, ours, out=np.zeros_like(ours), where=known).sum(axis=0) / np.maximum(pairs, 1)
        most = int(np.argmax(np.abs(mean)))
        at_end = known[:, -1]
        last = difference(ours[at_end, -1], changed[at_end, -1], same=same, share=False)
        differences.append(SeriesDifference(what, one.name, last, float(mean[most]), float(times[most])))
    return differences


def _by_run(column: pl.Series, times: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return column.to_numpy().astype(np.float64).reshape(-1, times)


def what_if(scenario: Scenario, text: str, *, load: Callable[..., Scenario]) -> tuple[str, Scenario]:
    """Read `LABEL: change, change`; the label and its scenario.

    `load` loads the scenario anew, given `variant`, `settings`, `overlays` and `injects`. A change is one of
    `parameter=number`, `variant=NAME`, `overlay=FILE`, `inject=NAME` and `policy=NAME`.
    """
    label, colon, changes = text.partition(":")
    if not colon:
        label, changes = text, text
    settings = dict(scenario.settings)
    variants = [] if scenario.variant is None else [scenario.variant]
    more: dict[str, list[str]] = {"variant": variants, "overlay": [], "inject": [], "policy": []}

    def read(change: str) -> None:
        name, equals, value = (part.strip() for part in change.partition("="))
        if not equals and name in scenario.document.variants:
            raise UsageError(f"'{name}' is a variant of the scenario; write variant={name}")
        if not equals or not name or not value:
            forms = "parameter=number, variant=NAME, overlay=FILE, inject=NAME or policy=NAME"
            raise UsageError(f"'{change.strip()}' is not a valid change; write {forms}")
        if name in more:
            more[name].append(value)
        else:
            settings[name] = _number(scenario, label, name, value)

    each_of(changes.split(","), read)
    variant = variants[-1] if variants else None
    made = load(variant=variant, settings=settings, overlays=more["overlay"], injects=more["inject"])
    return label.strip(), following(made, more["policy"]) if more["policy"] else made


def _number(scenario: Scenario, label: str, name: str, value: str) -> float:
    known = {**scenario.document.parameters, **spread(scenario.document.parameters)}
    if name not in known:
        meant = _other_than_parameter(scenario, name, value)
        if meant is not None:
            raise UsageError(meant)
        raise refusal(f"there is no parameter '{name}'", name, known, what="parameters")
    number = read_number(value)
    if number is None:
        raise UsageError(f"'{value}' is not a number, in the what-if '{label.strip()}'")
    return number


def _other_than_parameter(scenario: Scenario, name: str, value: str) -> str | None:
    """What to write for a change of something that is no parameter; None where the name means nothing."""
    document = scenario.document
    if name in document.state:
        return f"'{name}' is a state, not a parameter; write overlay=FILE (in it: begin: {{{name}: {value}}})"
    sections = ("red_lines", "deals", "decisions", "zones", "rules", "injects", "policies", "questions", "actors")
    for section in sections:
        if name in getattr(document, section):
            forms = {"injects": f"inject={name}", "policies": f"policy={name}"}
            way = forms.get(section, f"overlay=FILE (in it: {section}: {{{name}: …}})")
            return f"'{name}' is an entry of {section}, not a parameter; write {way}"
    return f"'{name}' is a variant; write variant={name}" if name in document.variants else None

"""Claims as tests of the model: whether the cause that a source names moves the effect the way it says, and far enough.

Runs with and without the cause share their random numbers in pairs, and each claim takes only the runs it needs: after
100, 200, 400 ... pairs its interval is looked at, and the claim is settled once that decides. Every look may err with
an equal part of the total error, so the verdict is wrong at most that often however many looks there are (repeated
confidence intervals: Jennison and Turnbull 1989, J. R. Stat. Soc. B 51:305; by Bonferroni instead of their joint law).
Each interval is Student's, or for probabilities that of Agresti and Min: a mean that depends on rare, large differences
can look settled before the first of them has come.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import sqrt
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import Z_95, newcombe
from standoff.analysis.effects.claim_runs import ClaimRuns, Pairs, changes_nothing
from standoff.analysis.effects.differences import Difference
from standoff.analysis.effects.verdicts import FIRST, LEAST_CHANGED, Least, Verdict, judge, looks_of
from standoff.display import Display, Displayed
from standoff.ensemble import Where
from standoff.errors import (
    Faults,
    UsageError,
    naming,
    random_seed,
    real_number,
    refuse_unknown,
    shown,
    whole_number,
)
from standoff.scenario import POINTS, SHARE, ClaimPlan, check_scenario, claim_ways
from standoff.time import days_to_end

if TYPE_CHECKING:
    from standoff.scenario import Scenario, resolved

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Selection:
    """The effect by selection: the mean over runs that show the cause by themselves, less that over the others.

    Such runs differ in more than the cause, so this is what an observer would see, not what the cause does. `low` to
    `high` is a 95% Monte Carlo interval; all three are None where there are too few runs of a kind.
    """

    given: str
    effect: float | None
    low: float | None
    high: float | None
    with_runs: int
    without_runs: int


@dataclass(frozen=True, slots=True)
class RivalFinding:
    """What a rival, in which the mechanism is absent or opposed, says to a claim; `fails` if it does not hold there."""

    rival: str
    verdict: Verdict
    fails: bool
    effect: float
    low: float
    high: float
    base: float
    changed: int
    runs: int


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """What the model says to one claim.

    `effect` is the mean paired difference that the cause makes, by intervention: of a probability for a truth or a
    question of yes or no, of days for a first time (runs that never see it count as its last day), else in `unit`.
    `low` to `high` is its interval at the error of one look. `runs` pairs were used, `changed` of them differ. `least`
    is the least effect that counts for a thesis, in that unit, and `at_least` what its author wrote. `way` names the
    rules on a shortest way from the cause to the effect, None where there is none.
    """

    id: str
    says: str
    mechanism: tuple[str, ...]
    hedge: str | None
    cause: str
    expect: str
    verdict: Verdict
    effect: float
    low: float
    high: float
    unit: str | None
    base: float
    changed: int
    runs: int
    evidence: tuple[str, ...]
    against: tuple[str, ...]
    selection: Selection | None
    kind: Literal["thesis", "wiring"] = "wiring"
    at_least: str | None = None
    least: float | None = None
    way: tuple[str, ...] | None = None
    rivals: tuple[RivalFinding, ...] = ()

    @property
    def tests_nothing(self) -> bool:
        """Whether it holds under every rival that was tried, as it does here."""
        return bool(self.rivals) and not any(rival.fails for rival in self.rivals)


@dataclass(frozen=True, slots=True, repr=False)
class Claims(Displayed):
    """All claims of a scenario, tested; `error` is the most that the chance of a false verdict is."""

    scenario: str
    seed: int
    error: float
    at_most: int
    claims: tuple[ClaimFinding, ...]

    def display(self) -> Display:
        """How many claims hold, then each of them."""
        from standoff.analysis.effects.claims_display import claims_display

        return claims_display(self)

    def to_json(self) -> str:
        """The claims as JSON text."""
        content = asdict(self) | {"method": METHOD}
        return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


METHOD = (
    "Effects are by intervention: the cause is changed and all else, random numbers included, is kept, in pairs of "
    "runs. A claim is looked at after 100, 200, 400, ... pairs and settled once the interval of its effect excludes "
    "zero, a thesis once it lies beyond the least effect that counts, or short of it; the intervals hold for all looks "
    "of a claim together with its total error, but for means that depend on rare, large differences. They cover Monte "
    "Carlo error: not whether the model is right. By selection: runs that show the cause by themselves against the "
    "others, 95% intervals."
)


def try_claims(
    scenario: Scenario,
    *,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    error: float = 0.01,
    at_most: int = 1600,
    only: Sequence[str] = (),
    rivals: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Claims:
    """Test the claims of a scenario (those named in `only`, if any) with at most `at_most` pairs of runs each.

    With `rivals` each thesis is tested under its rivals as well, with the same random numbers. Raises UsageError where
    there is no such claim or none at all, Faults for what is wrong in claims, and RunStopped.
    """
    check_scenario(scenario)
    seed, at_most = random_seed(seed), whole_number(at_most, "at_most")
    if not 0.0 < real_number(error, "the error") < 0.5 or at_most < FIRST:
        given = f"{shown(error)} and {at_most}"
        raise UsageError(f"claims need an error between 0 and 0.5 and at least {FIRST} runs, not {given}")
    _known(scenario, only)
    trying = _Trying(seed, Where(jobs, executor), error, looks_of(at_most), progress)
    claims = {str(name): claim for name, claim in scenario.document.claims.items() if not only or name in only}
    by_rival: dict[str, list[str]] = {}
    for name, claim in claims.items():
        for words in claim.rivals if rivals else ():
            by_rival.setdefault(" ".join(words.split()), []).append(name)
    trying.left = len(claims) + sum(map(len, by_rival.values()))
    made = ClaimRuns(scenario, seed, trying.where)
    ways = claim_ways(scenario, made.form)
    # All are made before the first run: what is wrong in a rival need not wait for the claims themselves.
    others = {rival: _under(trying, scenario, rival, names) for rival, names in by_rival.items()}
    tests = trying.tests(scenario, made, claims)
    opposed: dict[str, list[RivalFinding]] = {}
    for rival, (other, runs) in others.items():
        with naming(f"rival '{rival}'"):
            tried = trying.tests(other, runs, by_rival[rival], rival=True)
        for name, test in tried.items():
            opposed.setdefault(name, []).append(test.under(rival))
    found = tuple(test.told(ways[name], opposed.get(name, ())) for name, test in tests.items())
    return Claims(scenario.name, seed, error, at_most, found)


def _under(trying: _Trying, scenario: Scenario, rival: str, names: Sequence[str]) -> tuple[Scenario, ClaimRuns]:
    """A rival as a scenario, and the runs in which some claims are tested under it."""
    other = scenario.under_rival(rival)
    lost = [name for name in names if name not in other.document.claims]
    if lost:
        raise UsageError(f"under the rival '{rival}' there is no claim '{lost[0]}'")
    try:
        return other, ClaimRuns(other, trying.seed, trying.where)
    except Faults as error:
        found = error.faults[0].found
        raise UsageError(f"under the rival '{rival}' {', '.join(names)} cannot be tested: {found}") from None


@dataclass
class _Trying:
    """How claims are tested, and how many tests of all are finished."""

    seed: int
    where: Where
    error: float
    looks: Sequence[int]
    progress: Callable[[int, int], None] | None
    left: int = 0
    finished: int = 0

    def tests(
        self, scenario: Scenario, made: ClaimRuns, names: Iterable[str], *, rival: bool = False
    ) -> dict[str, _ClaimTest]:
        """Some claims of a scenario, each tested until it is settled; under a rival until it surely fails, too."""
        wanted, asked = set(names), {question.name: question for question in made.asked}
        plans = [plan for plan in made.plans if plan.claim in wanted]
        tests = {plan.claim: _ClaimTest(scenario, plan, asked[plan.effect], rival=rival) for plan in plans}
        waiting = list(tests.values())
        for first, runs in pairwise([0, *self.looks]):
            if not waiting:
                break
            tested = list(waiting)
            with closing(made.pairs([test.plan for test in tested], np.arange(first, runs))) as pairs:
                for test, more in zip(tested, pairs, strict=True):
                    if test.settled(more, self.error / len(self.looks)) or runs == self.looks[-1]:
                        waiting.remove(test)
                        self.finished += 1
                        if self.progress is not None:
                            self.progress(self.finished, self.left)
        return tests


def _known(scenario: Scenario, only: Sequence[str]) -> None:
    names = [str(name) for name in scenario.document.claims]
    if not names:
        raise UsageError(f"{scenario.name} has no claims; write them under claims:")
    refuse_unknown(only, names, found="there is no claim '{}'", what="claims")


class _ClaimTest:
    """One claim under test."""

    def __init__(self, scenario: Scenario, plan: ClaimPlan, question: resolved.Question, *, rival: bool) -> None:
        self.plan, self.question, self.rival = plan, question, rival
        self.claim = scenario.document.claims[plan.claim]
        self.starts = scenario.resolved.starts
        self.without, self.with_cause, self.shows = np.zeros(0), np.zeros(0), np.zeros(0, np.bool_)
        self.difference: Difference | None = None
        self.verdict: Verdict = "not distinguishable"

    @property
    def timed(self) -> bool:
        """Whether the effect is a time."""
        return self.plan.direction in ("sooner", "later")

    @property
    def share(self) -> bool:
        """Whether the effect is of a probability."""
        return not self.timed and self.question.type != "number"

    def settled(self, more: Pairs, error: float) -> bool:
        """Looks at the claim after more pairs; whether it has a verdict, at the error of this look."""
        self.without = np.concatenate([self.without, self._measured(more.without)])
        self.with_cause = np.concatenate([self.with_cause, self._measured(more.with_cause)])
        if more.given is not None:
            self.shows = np.concatenate([self.shows, more.given > 0.5])
        look = judge(
            self.without, self.with_cause, self.plan.direction,
            error=error, share=self.share, same=changes_nothing(self.plan), least=self.least,
        )  # fmt: skip
        self.difference, self.verdict = look.effect, look.verdict
        return look.settled or (self.rival and look.short)

    @property
    def least(self) -> Least | None:
        """The least effect that counts, of a thesis."""
        least = self.claim.least
        if least is None:
            return None
        hundredths = least.of in (POINTS, SHARE)
        return Least(least.amount / 100.0 if hundredths else least.amount, of_base=least.of == SHARE)

    def under(self, rival: str) -> RivalFinding:
        """What was found where it was tested under a rival."""
        found = self._found
        return RivalFinding(
            rival, self.verdict, self.verdict != "holds", found.difference, found.low, found.high, found.base,
            found.changed, found.runs,
        )  # fmt: skip

    @property
    def _found(self) -> Difference:
        if self.difference is None:
            raise ValueError("a claim that was never tested")
        return self.difference

    def told(self, way: tuple[str, ...] | None, rivals: Sequence[RivalFinding]) -> ClaimFinding:
        """What was found; `rivals` is what was found under its rivals."""
        claim, difference, least = self.claim, self._found, self.least
        unit = "day" if self.timed else "probability" if self.share else str(self.question.unit or "") or None
        return ClaimFinding(
            id=self.plan.claim,
            says=" ".join(claim.says.split()),
            mechanism=tuple(map(str, claim.mechanism)),
            hedge=str(claim.hedge) if claim.hedge is not None else None,
            cause=claim.cause_in_words,
            expect=claim.effect_in_words,
            verdict=self.verdict,
            effect=difference.difference,
            low=difference.low,
            high=difference.high,
            unit=unit,
            base=difference.base,
            changed=difference.changed,
            runs=difference.runs,
            evidence=tuple(str(piece.from_) for piece in claim.evidence),
            against=tuple(map(str, claim.against)),
            selection=self._selected(),
            kind=claim.kind,
            at_least=None if claim.at_least is None else " ".join(claim.at_least.split()),
            least=None if least is None else least.of(difference.base),
            way=way,
            rivals=tuple(rivals),
        )

    def _measured(self, answers: Floats) -> Floats:
        if self.question.type != "date":
            return answers
        if not self.timed:
            return (answers >= 0).astype(np.float64)
        last = days_to_end(self.starts, self.question.date)
        return np.where(answers >= 0, answers, last)

    def _selected(self) -> Selection | None:
        if self.plan.given is None:
            return None
        shows, others = self.without[self.shows], self.without[~self.shows]
        return selection(str(self.claim.given), shows, others, share=self.share)


def selection(given: str, shows: Floats, others: Floats, *, share: bool) -> Selection:
    """The difference of means between runs that show a cause by themselves and the others, with its 95% interval.

    Of probabilities by Newcombe's method, of numbers by Welch's.
    """
    n, m = len(shows), len(others)
    if min(n, m) < LEAST_CHANGED:
        return Selection(given, None, None, None, n, m)
    effect = float(shows.mean()) - float(others.mean())
    if share:
        low, high = newcombe(int(shows.sum()), n, int(others.sum()), m)
    else:
        half = Z_95 * sqrt(float(shows.var(ddof=1)) / n + float(others.var(ddof=1)) / m)
        low, high = effect - half, effect + half
    return Selection(given, effect, low, high, n, m)

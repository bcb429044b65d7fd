"""Why an outcome comes about: routes, pivotal events and the stories of single runs, for one question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from standoff.analysis.answers import newcombe, wilson
from standoff.analysis.explanations.divergence import TOTAL_ERROR, Divergence, divergence
from standoff.analysis.explanations.findings import (
    Did,
    Explanation,
    Mark,
    Moment,
    Named,
    Partings,
    Pivotal,
    Route,
    Story,
    Told,
    Weight,
)
from standoff.analysis.explanations.history import History, histories, history
from standoff.analysis.explanations.influence import influence
from standoff.analysis.explanations.links import CONTINUATIONS, Cause, causes
from standoff.analysis.explanations.names import ANY, Names
from standoff.analysis.explanations.pivots import Pivot, first_days, pivots
from standoff.analysis.explanations.routes import Classes, classes
from standoff.analysis.explanations.sentences import route_sentence, story_sentences
from standoff.analysis.explanations.story import Examining, Removals, Tested, examine
from standoff.analysis.explanations.target import Target, find_target
from standoff.analysis.explanations.trail import Trail, Trails
from standoff.engine import Program, draw_parameters, prepare
from standoff.ensemble import MOST_RUNS, Where, each
from standoff.errors import UsageError, random_seed, whole_number
from standoff.model import grounded
from standoff.numerals import percent, percents
from standoff.scenario import check_scenario

if TYPE_CHECKING:
    from standoff.scenario import Scenario

EXAMINED, EXAMINED_NO = 40, 20
"""How many of the runs that say yes, and of those that say no, have their events removed one at a time."""
MOST_MARKS = 40
"""How many kinds of events routes may be told apart by."""
MARKS_TOLD = 4
ALIKE = 0.9
"""On what share of trails two marks agree that are not both told."""

METHOD = (
    "Necessary events: removed one at a time from a run whose other random numbers are kept, in the runs whose stories "
    f"are told, in the first {EXAMINED} that say yes and in the first {EXAMINED_NO} that say no. A trail: the event "
    "that settled the answer, the one that enabled it, and so back. Routes: latent classes of the trails' events, at "
    "most three, their number by the Bayesian information criterion. Parting: Fisher's exact test of every kind of "
    "event at every time of the grid, among the runs whose answer is not yet settled then, total "
    f"error {TOTAL_ERROR:g} (Bonferroni). Shares have Wilson's 95% interval, differences between runs with and without "
    "an event Newcombe's: that is selection, not cause. weight: paired difference in the probability of yes over "
    f"{CONTINUATIONS} continuations with other random numbers. Intervals cover Monte Carlo error and nothing else."
)


def explain(
    scenario: Scenario,
    question: str,
    *,
    runs: int = 500,
    seed: int = 1,
    jobs: int = 1,
    executor: Executor | None = None,
    stories: int = 3,
    run: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Explanation:
    """Explain a question of yes or no, or of a date, over an ensemble, or with `run` the answer of that run alone.

    Raises UsageError for an unknown question or one that asks for a number, and RunStopped if a run stops.
    """
    check_scenario(scenario)
    seed, runs, stories = random_seed(seed), whole_number(runs, "the number of runs"), whole_number(stories, "stories")
    run = None if run is None else whole_number(run, "run")
    if stories < 0:
        raise UsageError(f"the number of stories must be at least 0, not {stories}")
    if run is None and runs < 2:
        raise UsageError(f"an explanation needs at least 2 runs, not {runs}")
    if run is not None and not 0 <= run < MOST_RUNS:
        raise UsageError(f"runs are numbered from 0 to {MOST_RUNS - 1:,}: there is no run {run}")
    model = grounded(scenario)
    among = f"of the {runs:,} runs made to explain" if run is None else f"(coupled sampler, seed {seed})"
    target = find_target(scenario, model, question)
    work = _Subject(Names(scenario, model), prepare(model, hurry=True), target, seed, Where(jobs, executor), among)
    about = scenario.name, seed, 1 if run is not None else runs, question, work.target.ask
    if run is not None:
        parameters = draw_parameters(model, seed=seed, runs=np.array([run]))[0]
        seen = history(work.program, work.target, seed=seed, run=run, parameters=parameters)
        stories_told = work.stories([work.examine_one(seen)])
        return Explanation(*about, None, None, None, (), (), Partings(None, None), stories_told, METHOD)
    count = _Count(runs + min(runs, EXAMINED + EXAMINED_NO), progress)
    made = histories(work.target, seed=seed, runs=runs, where=work.where, tell=count.one)
    saying, denying = [seen for seen in made if seen.yes], [seen for seen in made if not seen.yes]
    examined, examined_no = (
        [count.after(tested) for tested in work.examine(some)] for some in (saying[:EXAMINED], denying[:EXAMINED_NO])
    )
    first = first_days(work.target, made)
    on_trail, turned, settled_by = work.trails(saying)
    found = work.classes(on_trail)
    needed = pivots(work.target, made, examined, first, settled_by[: len(examined)])
    # No event settles a no: it stands when the horizon is reached.
    in_the_way = pivots(work.target, made, examined_no, first, [None] * len(examined_no))
    chosen = _spread(examined, found, stories)
    return Explanation(
        *about, len(saying) / runs, *wilson(len(saying), runs),
        routes=work.routes(on_trail, found, first[[seen.yes for seen in made]]),
        pivotal=tuple(work.pivot(one) for one in needed),
        parting=work.parting(made, found, first, turned),
        stories=work.stories(chosen),
        method=METHOD,
        against=tuple(work.pivot(one) for one in in_the_way),
    )  # fmt: skip


class _Count:
    """Tells how many of the runs are made and examined."""

    def __init__(self, total: int, progress: Callable[[int, int], None] | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def one(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)

    def after(self, tested: Tested) -> Tested:
        self.one()
        return tested


def _spread(examined: Sequence[Tested], found: Classes, stories: int) -> list[Tested]:
    """The runs whose stories are told: from each route in turn, runs with necessary events first."""
    by_route: list[list[Tested]] = [[] for _ in range(found.count)]
    for one, route in zip(examined, found.of[: len(examined)].tolist(), strict=True):
        by_route[route].append(one)
    for some in by_route:
        some.sort(key=lambda one: not one.necessary)
    turns = range(max((len(some) for some in by_route), default=0))
    return [some[turn] for turn in turns for some in by_route if turn < len(some)][:stories]


def _telling(marks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The columns that hold for some runs and not for all, the most usual of them."""
    counts = marks.sum(axis=0)
    usual = np.argsort(-counts, kind="stable")[:MOST_MARKS]
    return marks[:, np.sort(usual[(counts[usual] > 0) & (counts[usual] < len(marks))])]


@dataclass(frozen=True, slots=True)
class _Subject:
    """One question of one scenario, and how what is found about it is written."""

    names: Names
    program: Program
    target: Target
    seed: int
    where: Where
    among: str
    """What the numbers of runs count: a report has runs of its own with the same numbers."""

    def examine_one(self, seen: History) -> Tested:
        return examine(self.target, influence(self.target), seen, seed=self.seed, where=self.where)

    def examine(self, some: Sequence[History]) -> Iterator[Tested]:
        return each(Examining(Removals(self.target, influence(self.target), self.seed)), some, self.where)

    def trails(self, saying: Sequence[History]) -> tuple[NDArray[np.bool_], NDArray[np.float64], list[int | None]]:
        """Which ground rules are on the trail of which run, (runs that say yes, ground rules), and its end.

        The end is the day on which the answer turned to yes for good, the horizon where nothing that happened turned
        it; and the ground rule that turned it, None where time did.
        """
        trails = list(each(Trails(self.target, self.seed), saying, self.where))
        came = np.zeros((len(saying), self.target.model.ground_rules), np.bool_)
        for row, one in zip(came, trails, strict=True):
            row[self.target.kinds.of[[step.told for step in one.steps]]] = True
        by = [None if one.settling is None else int(self.target.kinds.of[one.settling.told]) for one in trails]
        days = [min(one.day, seen.settled) for one, seen in zip(trails, saying, strict=True)]
        return came, np.array(days, np.float64), by

    def classes(self, on_trail: NDArray[np.bool_]) -> Classes:
        """The routes: by the rules on the trails; where these do not divide them, by rules with actors and places."""
        found = classes(_telling(self._by_rule(on_trail)), seed=self.seed)
        return found if found.count > 1 else classes(_telling(on_trail), seed=self.seed)

    def _by_rule(self, on_trail: NDArray[np.bool_]) -> NDArray[np.bool_]:
        firsts = [rule.first for rule in self.target.model.rules if rule.rows]
        return np.logical_or.reduceat(on_trail, firsts, axis=1)

    def routes(
        self, on_trail: NDArray[np.bool_], found: Classes, first: NDArray[np.float64]
    ) -> tuple[Route, ...]:
        """The routes; `first`: (runs that say yes, ground rules), the day of the first event of each."""
        total = len(on_trail)
        made = []
        for route in range(found.count if total else 0):
            inside = found.of == route
            runs = int(inside.sum())
            low, high = wilson(runs, total)
            marks = self._marks(on_trail[inside], on_trail[~inside], first[inside]) if found.count > 1 else ()
            share = runs / total
            words = f"{percent(share)} (95% interval {percents(low, high, like=share, dash=' to ')})"
            sentence = route_sentence(route, found.count, runs, words, marks)
            made.append(Route(runs, share, low, high, marks, sentence))
        return tuple(made)

    def _marks(
        self, here: NDArray[np.bool_], elsewhere: NDArray[np.bool_], first: NDArray[np.float64]
    ) -> tuple[Mark, ...]:
        """The marks that tell a route best from the others, in the order of time; what it lacks comes last.

        `first` has the days of events in the runs of the route: inf where there is none.
        """
        model = self.target.model
        rules = [k for k, rule in enumerate(model.rules) if rule.rows]
        several = [i for i, k in enumerate(rules) if model.rules[k].rows > 1]
        sides = [np.hstack([self._by_rule(side)[:, several], side]) for side in (here, elsewhere)]
        both = np.vstack(sides)
        shares = [side.mean(axis=0) for side in sides]
        marks: list[Mark] = []
        days: list[float] = []
        told: list[NDArray[np.bool_]] = []
        gaps = shares[0] - shares[1]
        # The greatest differences first; of two alike, what the route has before what it lacks.
        for column in np.lexsort((gaps < 0, -np.abs(gaps))).tolist():
            gap = newcombe(int(sides[0][:, column].sum()), len(here), int(sides[1][:, column].sum()), len(elsewhere))
            if not (gap.low > 0 or gap.high < 0) or any(_same(both[:, column], one) for one in told):
                continue
            of_rule = column < len(several)
            named = self._rule(rules[several[column]]) if of_rule else self._event(column - len(several))
            mark = Mark(*_fields(named), float(shares[0][column]), float(shares[1][column]))
            # A rule and its cases, on the same side, are one thing as well.
            if any(one.rule == mark.rule and (one.here > one.elsewhere) == (gap.low > 0) for one in marks):
                continue
            marks.append(mark)
            came = self._first_of(first, rules[several[column]]) if of_rule else first[:, column - len(several)]
            days.append(float(np.median(came)))
            told.append(both[:, column])
            if len(marks) == MARKS_TOLD:
                break
        # What marks a route by its lack is told after what it has, which is told as it comes about.
        order = sorted(range(len(marks)), key=lambda i: _after(marks[i], days[i]))
        return tuple(marks[i] for i in order)

    def _first_of(self, first: NDArray[np.float64], k: int) -> NDArray[np.float64]:
        """The day of the first event of any case of a rule, (runs,)."""
        rule = self.target.model.rules[k]
        return np.asarray(first[:, rule.first : rule.first + rule.rows].min(axis=1))

    def _rule(self, k: int) -> Named:
        rule = self.target.model.rules[k].name
        return Named(self.names.meaning(rule), rule, ANY, self.names.evidence(rule), self.names.about(rule))

    def _event(self, ground_rule: int) -> Named:
        rule, binding = self.names.rule(ground_rule), self.names.binding(ground_rule)
        return Named(self.names.event(ground_rule), rule, binding, self.names.evidence(rule), self.names.about(rule))

    def pivot(self, one: Pivot) -> Pivotal:
        named = self._rule(one.rule) if one.ground_rule is None else self._event(one.ground_rule)
        share = one.undone / one.tested, *wilson(one.undone, one.tested)
        counts = one.with_yes, one.with_runs, one.without_yes, one.without_runs
        beside = one.with_it, one.without_it, one.difference, one.low, one.high
        return Pivotal(*_fields(named), one.tested, one.undone, *share, *counts, *beside, one.settles)

    def parting(
        self, made: Sequence[History], found: Classes, first: NDArray[np.float64], turned: NDArray[np.float64]
    ) -> Partings:
        """When runs diverge; `turned`: (runs that say yes,), the day on which the answer turned to yes."""
        grid = self.target.model.grid
        grid = grid[grid <= self.target.horizon]
        yes = np.array([seen.yes for seen in made], dtype=np.int64)
        outcome = np.full(len(made), np.inf)
        outcome[yes == 1] = turned
        routes = divergence(first[yes == 1], found.of, turned, grid) if found.count > 1 else None
        answers = divergence(first, yes, outcome, grid) if 0 < yes.sum() < len(yes) else None
        return Partings(self._moment(routes), self._moment(answers))

    def _moment(self, one: Divergence | None) -> Moment | None:
        if one is None:
            return None
        return Moment(*_fields(self._event(one.ground_rule)), one.days, self.names.date(one.days))

    def stories(self, chosen: Sequence[Tested]) -> tuple[Story, ...]:
        saying = [tested.history for tested in chosen if tested.history.yes]
        trails = each(Trails(self.target, self.seed), saying, self.where)
        told = [(tested, next(trails) if tested.history.yes else Trail()) for tested in chosen]
        steps = [(tested, one.steps) for tested, one in told]
        explained = causes(self.program, self.target, steps, seed=self.seed, where=self.where)
        return tuple(self._story(*one, why) for one, why in zip(told, explained, strict=True))

    def _story(self, tested: Tested, trail: Trail, told: Sequence[Cause]) -> Story:
        seen = tested.history
        sentences, own = story_sentences(self.names, self.target, tested, told, trail, self.among)
        return Story(
            run=seen.run,
            answer="yes" if seen.yes else "no",
            days=seen.settled,
            # A question is read at the end of its day, which is the start of the next.
            date=self.names.date(seen.settled - (0.5 if seen.settled == self.target.horizon else 0.0)),
            tested=tested.tested,
            necessary=len(tested.necessary),
            events=tuple(self._told(cause, sentence) for cause, sentence in zip(told, own, strict=True)),
            sentences=tuple(sentences),
        )

    def _told(self, cause: Cause, sentence: str) -> Told:
        event, weight = cause.event, cause.weight
        instead = [
            f"{self.names.event(rule)}, {self.names.spoken(day)}" + (" (it was blocked)" if blocked else "")
            for day, rule, blocked in cause.instead
        ]
        return Told(
            *_fields(self._event(event.told)),
            days=event.day,
            date=self.names.date(event.day),
            does=tuple(Did(link.to, link.how, link.without, link.with_it) for link in cause.does),
            instead=tuple(instead),
            necessary=event.undoes,
            weight=Weight(weight.difference, weight.low, weight.high),
            sentence=sentence,
        )


def _after(mark: Mark, day: float) -> tuple[bool, float]:
    return mark.here < mark.elsewhere, day if mark.here > mark.elsewhere else 0.0


def _same(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> bool:
    """Whether two marks are on the same trails but for a few, or each where the other is not: they say one thing."""
    agree = float((one == other).mean())
    return max(agree, 1 - agree) >= ALIKE


def _fields(named: Named) -> tuple[str, str, str, tuple[str, ...], str]:
    return named.event, named.rule, named.binding, named.evidence, named.about
